import { createPubsub, type GossipVerdict, gossipService, type Pubsub } from '../../core/gossip/gossipsub-host.ts'
import { listTopics } from '../../core/gossip/shards.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey } from './memory-square.ts'

export interface RawGossip {
  readonly host: Host<Record<string, unknown>>
  readonly pubsub: Pubsub
  /** Messages that its validator has rejected. */
  rejected(): number
  stop(): Promise<void>
}

interface ScoreParams {
  readonly topics: Record<string, unknown>
  IPColocationFactorWeight: number
}

/** A host with pubsub and nothing of ours behind it: sends what it is told, answers every message with one verdict. */
export async function startRawGossip(
  name: string,
  init: {
    readonly verdict?: GossipVerdict
    readonly withTopicScores?: boolean
    readonly colocationWeight?: number
  } = {},
): Promise<RawGossip> {
  const verdict = init.verdict ?? 'accept'
  const service = gossipService({ isSeed: false })
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: fakeKey(name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: {
        gossip: (components: Parameters<typeof service>[0]) => {
          const gossip = service(components)
          const { opts } = gossip as unknown as { opts: { scoreParams: ScoreParams } }
          if (init.colocationWeight !== undefined) opts.scoreParams.IPColocationFactorWeight = init.colocationWeight
          if (init.withTopicScores === false) {
            for (const topic of Object.keys(opts.scoreParams.topics)) delete opts.scoreParams.topics[topic]
          }
          return gossip
        },
      },
    },
  )
  const pubsub = createPubsub(host.services.gossip as Parameters<typeof createPubsub>[0])
  let rejected = 0
  pubsub.setValidator(async () => {
    if (verdict === 'reject') rejected++
    return verdict
  })
  for (const topic of listTopics()) pubsub.subscribe(topic)
  return { host, pubsub, rejected: () => rejected, stop: () => host.stop() }
}

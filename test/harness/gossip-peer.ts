import { Gossip } from '../../core/gossip/gossip.ts'
import { createPubsub, gossipService, type Pubsub } from '../../core/gossip/gossipsub-host.ts'
import type { GossipListenerInit } from '../../core/gossip/listener.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { fakeKey, MemorySquare } from './memory-square.ts'

export interface GossipPeer {
  readonly host: Host<Record<string, unknown>>
  readonly pubsub: Pubsub
  readonly gossip: Gossip
  readonly square: MemorySquare
  stop(): Promise<void>
}

/** A real libp2p host on loopback with gossip over a square in memory. `name` decides its key. */
export async function startGossipPeer(name: string, init: Partial<GossipListenerInit> = {}): Promise<GossipPeer> {
  const isSeed = init.isSeed ?? false
  const domain = init.domain ?? 'palabre'
  const service = gossipService({ isSeed, domain })
  const host = await createHost(
    { logger: silentLogger },
    {
      privateKey: fakeKey(name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      limits: LOCAL_LIMITS,
      isLocal: true,
      services: { gossip: service },
    },
  )
  const pubsub = createPubsub(host.services.gossip, { domain })
  const square = new MemorySquare()
  const gossip = new Gossip(
    { host, pubsub, door: square, chains: square, logger: silentLogger },
    { ...init, isSeed, domain },
  )
  gossip.start()
  return {
    host,
    pubsub,
    gossip,
    square,
    async stop() {
      gossip.stop()
      await host.stop()
    },
  }
}

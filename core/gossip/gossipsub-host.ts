import { type GossipSub, gossipsub, StrictNoSign, TopicValidatorResult } from '@libp2p/gossipsub'
import { systemClock } from '../util/clock.ts'
import { guardStreams, type StreamReader } from './guarded-streams.ts'
import { messageId } from './message.ts'
import { type RpcBreach, RpcGuard } from './rpc-guard.ts'
import { listTopics } from './shards.ts'

/** What a validator says of a message: pass it on, keep it from others without blame, or make the sender pay. */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

export type GossipValidator = (peerId: string, topic: string, data: Uint8Array) => Promise<GossipVerdict>

/** Scores at which a peer loses rights (reliability.md). At the last one it is disconnected, see `PeerSentinel`. */
export const SCORE_THRESHOLDS = { gossip: -10, publish: -50, graylist: -80 } as const

/** How the layers above use pubsub. One file owns the library, so replacing it is this file's work. */
export interface Pubsub {
  subscribe(topic: string): void
  /** One validator for all topics; it sees a message before anybody else gets it. */
  setValidator(validator: GossipValidator): void
  /** Peers that got it at once; none is fine, sync repairs. */
  publish(topic: string, data: Uint8Array): Promise<readonly string[]>
  subscribers(topic: string): readonly string[]
  /** Peers in the mesh of the topic. */
  mesh(topic: string): readonly string[]
  /** Peers that the library exchanges messages with. */
  peers(): readonly string[]
  score(peerId: string): number
  /** Called when a peer's subscriptions changed. */
  onSubscriptions(listener: (peerId: string) => void): void
  /** Whoever sends far more than anybody honest does, or what can't be read (GOS11); said again until it is ended. */
  onBreach(listener: (peerId: string, reason: RpcBreach) => void): void
  /** The library has ended its stream with this peer and opens no other. */
  onDeaf(listener: (peerId: string) => void): void
  /** About once a second while the node runs. */
  onHeartbeat(listener: () => void): void
}

export interface PubsubInit {
  /** The network's signature domain, part of the topics. */
  readonly domain?: string
  /** Added to a peer's score: good for followed authors' devices and pinned seeds. */
  readonly appScore?: (peerId: string) => number
  readonly isSeed: boolean
}

/** A small message goes to every subscriber where there are few, so that nobody near waits for somebody else to pass it on. */
const MAX_FLOODED_BYTES = 4 * 1024
const MAX_FLOODED_PEERS = 32

/** The parts of the library that its published types leave out. */
type WholeGossipSub = GossipSub & {
  getScore(peerId: string): number
  getMeshPeers(topic: string): string[]
  publish(
    topic: string,
    data: Uint8Array,
    options: { readonly floodPublish: boolean; readonly batchPublish: boolean },
  ): ReturnType<GossipSub['publish']>
}

/** Messages of one topic score, per peer: 64 topics together stay near +16, so good deeds never pay for a reject. */
const TOPIC_SCORE = {
  topicWeight: 1,
  timeInMeshWeight: 0.0005,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 300,
  firstMessageDeliveriesWeight: 0.02,
  firstMessageDeliveriesDecay: 0.9,
  firstMessageDeliveriesCap: 5,
  // P3 punishes topics in which nobody writes: off.
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 100,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10,
  meshMessageDeliveriesActivation: 5_000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  // One invalid message −10, two −40, three −90; half of it forgotten in about ten minutes.
  invalidMessageDeliveriesWeight: -10,
  invalidMessageDeliveriesDecay: 0.9988,
} as const

/** The libp2p service: options as measured in docs/decisions/gossip-package.md. */
export function gossipService(
  init: PubsubInit,
): (components: Parameters<ReturnType<typeof gossipsub>>[0]) => GossipSub {
  const topics = listTopics(init.domain)
  const create = gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: (message) => messageId(message.data),
    allowedTopics: new Set(topics),
    fallbackToFloodsub: false,
    floodPublish: false,
    tagMeshPeers: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    emitSelf: false,
    doPX: false,
    runOnLimitedConnection: false,
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
    maxOutboundBufferSize: 16 * 1024 * 1024,
    decodeRpcLimits: {
      maxSubscriptions: 512,
      maxMessages: 512,
      maxIhaveMessageIDs: 2_000,
      maxIwantMessageIDs: 2_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 256,
      maxPeerInfos: 16,
    },
    scoreParams: {
      topics: Object.fromEntries(topics.map((topic) => [topic, TOPIC_SCORE])),
      topicScoreCap: 16,
      // Peers behind one router, relay or test machine share an IP address and are no gang for it.
      IPColocationFactorWeight: 0,
      appSpecificScore: init.appScore ?? (() => 0),
      appSpecificWeight: 1,
      behaviourPenaltyWeight: -5,
      behaviourPenaltyThreshold: 6,
      behaviourPenaltyDecay: 0.9,
      retainScore: 60 * 60 * 1_000,
    },
    scoreThresholds: {
      gossipThreshold: SCORE_THRESHOLDS.gossip,
      publishThreshold: SCORE_THRESHOLDS.publish,
      graylistThreshold: SCORE_THRESHOLDS.graylist,
      acceptPXThreshold: 1_000,
      opportunisticGraftThreshold: 1,
    },
  })
  return (components) => {
    const service = create(components) as GossipSub
    const guard = new RpcGuard({ clock: systemClock }, { isSeed: init.isSeed })
    guardStreams(service as unknown as StreamReader, guard)
    guards.set(service, guard)
    return service
  }
}

/** Made with the service, because streams may be open before anybody else sees it. */
const guards = new WeakMap<GossipSub, RpcGuard>()

/** Wraps the running service. The validator must be set before the first subscription. */
export function createPubsub(service: GossipSub, init: { readonly domain?: string } = {}): Pubsub {
  const library = service as WholeGossipSub
  const topics = listTopics(init.domain)
  return {
    subscribe: (topic) => library.subscribe(topic),
    setValidator(validator) {
      for (const topic of topics) {
        library.topicValidators.set(topic, async (peerId, message) => {
          return RESULTS[await validator(peerId.toString(), topic, message.data)]
        })
      }
    },
    async publish(topic, data) {
      const isFlooded =
        data.byteLength <= MAX_FLOODED_BYTES && library.getSubscribers(topic).length <= MAX_FLOODED_PEERS
      const { recipients } = await library.publish(topic, data, { floodPublish: isFlooded, batchPublish: true })
      return recipients.map((peerId) => peerId.toString())
    },
    subscribers: (topic) => library.getSubscribers(topic).map((peerId) => peerId.toString()),
    mesh: (topic) => library.getMeshPeers(topic),
    peers: () => library.getPeers().map((peerId) => peerId.toString()),
    score: (peerId) => library.getScore(peerId),
    onSubscriptions(listener) {
      library.addEventListener('subscription-change', (event) => listener(event.detail.peerId.toString()))
    },
    onBreach(listener) {
      const guard = guards.get(service)
      if (guard !== undefined) guard.onBreach = listener
    },
    onDeaf(listener) {
      const guard = guards.get(service)
      if (guard !== undefined) guard.onDeaf = listener
    },
    onHeartbeat(listener) {
      library.addEventListener('gossipsub:heartbeat', () => listener())
    },
  }
}

const RESULTS: Record<GossipVerdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

import type { Clock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import { TokenBucket } from '../util/token-bucket.ts'
import type { IngestSource } from './door.ts'

/** About what an operation of one device takes. */
const PLAIN_BYTES = 512
/** A peer's operations in plain ones: at once, and a second. Gossip brings chains of people who speak now. */
const PER_PEER = {
  gossip: { capacity: 500, refillPerSecond: 10 },
  feed: { capacity: 2_000, refillPerSecond: 20 },
  sync: { capacity: 10_000, refillPerSecond: 50 },
} as const

/** Operations above this list dozens of keys; all peers together may bring so many at once, and a second. */
const LARGE_BYTES = 4_096
const LARGE = { capacity: 20, refillPerSecond: 0.2 } as const

/**
 * What peers may make this node check of identity operations that it hasn't seen. Each key in one costs as much as a
 * record and more the first time (0.7 ms for its order), and anybody can make identities with two hundred devices: so
 * the price rises with the square of the size. What is over is not looked at; it comes again by sync.
 */
export class OperationBudget {
  readonly #peers: { readonly [kind in keyof typeof PER_PEER]: KeyedBuckets }
  readonly #large: TokenBucket

  constructor(components: { readonly clock: Clock }) {
    this.#peers = {
      gossip: new KeyedBuckets(components, PER_PEER.gossip),
      feed: new KeyedBuckets(components, PER_PEER.feed),
      sync: new KeyedBuckets(components, PER_PEER.sync),
    }
    this.#large = new TokenBucket(components, LARGE)
  }

  /** True and charged; own and imported operations are free. */
  take(source: IngestSource, bytes: number): boolean {
    const { kind } = source
    if (kind === 'own' || kind === 'import' || kind === 'welcome' || kind === 'salvage') return true
    const price = Math.max(1, (bytes / PLAIN_BYTES) ** 2)
    const peer = this.#peers[kind === 'inbox' || kind === 'asked' ? 'feed' : kind].of(source.peer ?? '')
    if (peer.available < price || (bytes > LARGE_BYTES && !this.#large.take())) return false
    return peer.take(price)
  }
}

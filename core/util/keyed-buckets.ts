import type { Clock } from './clock.ts'
import { LruMap } from './lru-map.ts'
import { TokenBucket, type TokenBucketInit } from './token-bucket.ts'

/** Keys that are remembered where nothing else is said: the peers of the table of limits. */
const MAX_KEYS = 5_000

/**
 * A token bucket for each peer, author or other key. Whoever was used longest ago is forgotten first and starts afresh:
 * with so many others in between, no flood of one comes of it.
 */
export class KeyedBuckets {
  readonly #clock: Clock
  readonly #init: TokenBucketInit
  readonly #buckets: LruMap<string, TokenBucket>

  constructor(components: { readonly clock: Clock }, init: TokenBucketInit & { readonly maxKeys?: number }) {
    this.#clock = components.clock
    this.#init = init
    this.#buckets = new LruMap(init.maxKeys ?? MAX_KEYS)
  }

  /** That key's own, full for one that isn't known. */
  of(key: string): TokenBucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    const bucket = new TokenBucket({ clock: this.#clock }, this.#init)
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** Takes `count` tokens of the key's and says true, or takes none and says false. */
  take(key: string, count = 1): boolean {
    return this.of(key).take(count)
  }
}

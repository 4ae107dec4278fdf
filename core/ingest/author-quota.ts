import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import { TokenBucket } from '../util/token-bucket.ts'

/** What one author may have forwarded by gossip: 60 a minute, 300 an hour, 2,000 a day. */
const WINDOWS = [
  { count: 60, seconds: 60 },
  { count: 300, seconds: 3_600 },
  { count: 2_000, seconds: 86_400 },
] as const

/** An author who is forgotten starts afresh: with so many others in between, no flood of one comes of it. */
const MAX_AUTHORS = 20_000

/** Counts records per author. Charged only for devices found in their chain, so nobody can spend another's quota. */
export class AuthorQuota {
  readonly #clock: Clock
  readonly #buckets = new LruMap<string, readonly TokenBucket[]>(MAX_AUTHORS)

  constructor(components: { readonly clock: Clock }) {
    this.#clock = components.clock
  }

  /** True and charged, or false when one of the windows is full. `author` is any text that names the author. */
  take(author: string): boolean {
    let buckets = this.#buckets.get(author)
    if (buckets === undefined) {
      buckets = WINDOWS.map(
        ({ count, seconds }) =>
          new TokenBucket({ clock: this.#clock }, { capacity: count, refillPerSecond: count / seconds }),
      )
      this.#buckets.set(author, buckets)
    }
    if (buckets.some((bucket) => bucket.available < 1)) return false
    for (const bucket of buckets) bucket.take()
    return true
  }
}

import type { Clock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'

/** What one author may have forwarded by gossip: 60 a minute, 300 an hour, 2,000 a day. */
const WINDOWS = [
  { count: 60, seconds: 60 },
  { count: 300, seconds: 3_600 },
  { count: 2_000, seconds: 86_400 },
] as const

const MAX_AUTHORS = 20_000

/** Counts records per author. Charged only for devices found in their chain, so nobody can spend another's quota. */
export class AuthorQuota {
  readonly #windows: readonly KeyedBuckets[]

  constructor(components: { readonly clock: Clock }) {
    this.#windows = WINDOWS.map(
      ({ count, seconds }) =>
        new KeyedBuckets(components, { capacity: count, refillPerSecond: count / seconds, maxKeys: MAX_AUTHORS }),
    )
  }

  /** True and charged, or false when one of the windows is full. `author` is any text that names the author. */
  take(author: string): boolean {
    const buckets = this.#windows.map((window) => window.of(author))
    if (buckets.some((bucket) => bucket.available < 1)) return false
    for (const bucket of buckets) bucket.take()
    return true
  }
}

import { readNoticeFrame } from '../identity/notice.ts'
import type { IdentityOperation } from '../identity/operation.ts'
import { toHex } from '../util/bytes.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import { KeyedBuckets } from '../util/keyed-buckets.ts'
import { LruMap } from '../util/lru-map.ts'

/** Twice as many as are kept of a key, and one a minute: a guardian has something to say once a day. */
const PER_KEY = { capacity: 32, refillPerSecond: 1 / 60 } as const
const MAX_OUTDATED = 20_000

/**
 * What each key may have looked at of new notices (IDN28). They give way to one another, so without this one key could
 * keep every node that holds the chain busy for ever; and with one budget for the whole chain it could silence the
 * others. Those that gave way are remembered: whoever sends them again must not spend their signer's budget.
 */
export class NoticeBudget {
  readonly #keys: KeyedBuckets
  readonly #outdated = new LruMap<string, true>(MAX_OUTDATED)

  constructor(components: { readonly clock?: Clock | undefined }) {
    this.#keys = new KeyedBuckets({ clock: components.clock ?? systemClock }, PER_KEY)
  }

  noteOutdated(operation: IdentityOperation): void {
    this.#outdated.set(toHex(operation.id), true)
  }

  isOutdated(operation: IdentityOperation): boolean {
    return this.#outdated.has(toHex(operation.id))
  }

  /** True and charged; false also for what says nothing. */
  take(operation: IdentityOperation): boolean {
    const frame = readNoticeFrame(operation)
    if (frame === undefined) return false
    return this.#keys.take(toHex(operation.address) + toHex(frame.by))
  }
}

import type { Clock } from './clock.ts'

export interface TokenBucketInit {
  /** Most tokens that it ever holds, and what it starts with: the burst. */
  readonly capacity: number
  /** Tokens that come back a second, fractions allowed. */
  readonly refillPerSecond: number
}

/**
 * A rate limit with a burst. When it has too few tokens `take` takes none and says false; nothing waits. A clock that
 * steps back gives no tokens and takes none.
 */
export class TokenBucket {
  readonly #clock: Clock
  readonly #capacity: number
  readonly #refillPerMs: number
  #tokens: number
  #filledAtMs: number

  /** @throws RangeError unless both figures are positive. */
  constructor(components: { readonly clock: Clock }, init: TokenBucketInit) {
    if (!(init.capacity > 0) || !(init.refillPerSecond > 0)) {
      throw new RangeError(
        `capacity and refillPerSecond must be positive, got ${init.capacity}, ${init.refillPerSecond}`,
      )
    }
    this.#clock = components.clock
    this.#capacity = init.capacity
    this.#refillPerMs = init.refillPerSecond / 1_000
    this.#tokens = init.capacity
    this.#filledAtMs = components.clock.now()
  }

  /** Tokens here now. */
  get available(): number {
    this.#refill()
    return this.#tokens
  }

  /** Takes `count` tokens and says true, or takes none and says false. */
  take(count = 1): boolean {
    this.#refill()
    if (this.#tokens < count) return false
    this.#tokens -= count
    return true
  }

  #refill(): void {
    const now = this.#clock.now()
    const elapsedMs = now - this.#filledAtMs
    this.#filledAtMs = now
    if (elapsedMs > 0) this.#tokens = Math.min(this.#capacity, this.#tokens + elapsedMs * this.#refillPerMs)
  }
}

import type { Clock } from './clock.ts'

/** What is remembered is bounded by this, however much is counted. */
const SLICES = 20

interface Slice {
  /** Number of the slice of time, counted from the clock's zero. */
  readonly at: number
  count: number
}

export interface Rate {
  readonly perSecond: number
  /** Over how long that was measured, milliseconds: the window, or less after a beginning. 0 when nothing came in it. */
  readonly overMs: number
}

/** How many a second, over a sliding window of the last few seconds. A clock that is set back starts it anew. */
export class RateMeter {
  readonly #clock: Clock
  readonly #windowMs: number
  readonly #sliceMs: number
  /** Ascending, none empty. */
  #slices: Slice[] = []
  #sinceMs = 0

  constructor(components: { readonly clock: Clock }, init: { readonly windowMs: number }) {
    this.#clock = components.clock
    this.#windowMs = init.windowMs
    this.#sliceMs = init.windowMs / SLICES
  }

  /** So many came just now. */
  add(count: number): void {
    if (count <= 0) return
    const at = this.#advance()
    // What comes first took some time to come: that of one slice is assumed.
    if (this.#slices.length === 0) this.#sinceMs = this.#clock.now() - this.#sliceMs
    const last = this.#slices.at(-1)
    if (last?.at === at) last.count += count
    else this.#slices.push({ at, count })
  }

  read(): Rate {
    this.#advance()
    if (this.#slices.length === 0) return { perSecond: 0, overMs: 0 }
    const overMs = Math.min(this.#windowMs, this.#clock.now() - this.#sinceMs)
    const count = this.#slices.reduce((sum, slice) => sum + slice.count, 0)
    return { perSecond: (1_000 * count) / overMs, overMs }
  }

  /** Forgets what is out of the window; answers the slice of now. */
  #advance(): number {
    const now = Math.floor(this.#clock.now() / this.#sliceMs)
    const isSetBack = (this.#slices.at(-1)?.at ?? now) > now
    this.#slices = isSetBack ? [] : this.#slices.filter(({ at }) => at > now - SLICES)
    return now
  }
}

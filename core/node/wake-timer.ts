import type { Clock } from '../util/clock.ts'

/** Longest sleep: computers are suspended and clocks are set, so the clock is looked at now and then. */
const MAX_SLEEP_MS = 3_600_000

/** One timer for the next of many moments on the injected clock. Wakes at the latest after an hour, then is set again. */
export class WakeTimer {
  readonly #clock: Clock
  readonly #onWake: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(components: { readonly clock: Clock }, init: { readonly onWake: () => void }) {
    this.#clock = components.clock
    this.#onWake = init.onWake
  }

  /** Wakes at that moment, milliseconds since 1970, instead of what was set before; null sleeps for good. */
  set(atMs: number | null): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (atMs === null) return
    const sleepMs = Math.min(MAX_SLEEP_MS, Math.max(0, atMs - this.#clock.now()))
    this.#timer = setTimeout(this.#onWake, sleepMs)
    this.#timer.unref()
  }
}

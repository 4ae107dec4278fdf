/** Where time comes from; injected, so that tests hold it in their hand. */
export interface Clock {
  /** Wall clock, integer milliseconds since 1970. */
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #nowMs: number

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  /** Moves the clock by `ms`, back as well. */
  advance(ms: number): void {
    this.#nowMs += ms
  }
}

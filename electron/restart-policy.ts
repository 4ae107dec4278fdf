/** First wait before a dead node is started again. */
export const FIRST_DELAY_MS = 250
/** Longest wait between two starts. */
export const MAX_DELAY_MS = 30_000
/** A node that lived this long is healthy: the next death starts from the first delay. */
export const HEALTHY_AFTER_MS = 60_000

/** When to start a dead process again: doubling waits, and back to the first after a healthy life. */
export class RestartPolicy {
  #failures = 0

  /** @param livedMs - how long the process had lived. @returns milliseconds to wait before the next start. */
  nextDelayMs(livedMs: number): number {
    if (livedMs >= HEALTHY_AFTER_MS) this.#failures = 0
    const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, MAX_DELAY_MS)
    this.#failures = Math.min(this.#failures + 1, 16)
    return delay
  }
}

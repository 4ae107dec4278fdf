import { PalabreError } from '../util/errors.ts'

export interface IngestGateInit {
  /** Batches that may be inside at once. */
  readonly atOnce: number
  /** Batches that may wait, and bytes of them together. */
  readonly maxWaiting: number
  readonly maxWaitingBytes: number
}

interface Waiting {
  readonly bytes: number
  readonly enter: () => void
}

/**
 * The way of batches to the store's thread: a few at once, the others in the order in which they came. Whoever brings
 * more than may wait is told so at once, and keeps it or lets it go.
 */
export class IngestGate {
  readonly #init: IngestGateInit
  readonly #waiting = new Set<Waiting>()
  #inside = 0
  #waitingBytes = 0

  constructor(init: IngestGateInit) {
    this.#init = init
  }

  /**
   * Resolves when the batch may go in; `leave` must follow.
   * @throws PalabreError `store-busy`; the signal's reason
   */
  async enter(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#inside < this.#init.atOnce) {
      this.#inside++
      return
    }
    const { maxWaiting, maxWaitingBytes } = this.#init
    if (this.#waiting.size >= maxWaiting || this.#waitingBytes + bytes > maxWaitingBytes) {
      throw new PalabreError(
        'store-busy',
        `${this.#waiting.size} batches of ${this.#waitingBytes} bytes wait for the store`,
      )
    }
    const entered = Promise.withResolvers<void>()
    const one: Waiting = { bytes, enter: entered.resolve }
    this.#waiting.add(one)
    this.#waitingBytes += bytes
    const give = () => {
      if (this.#remove(one)) entered.reject(signal?.reason)
    }
    signal?.addEventListener('abort', give, { once: true })
    try {
      await entered.promise
    } finally {
      signal?.removeEventListener('abort', give)
    }
  }

  /** A batch was answered: the next one goes in. */
  leave(): void {
    this.#inside--
    for (const next of this.#waiting) {
      if (this.#inside >= this.#init.atOnce) return
      this.#inside++
      this.#remove(next)
      next.enter()
    }
  }

  /** Lets all in that wait: the thread has ended, and they shall hear of it. */
  open(): void {
    for (const one of this.#waiting) {
      this.#inside++
      this.#remove(one)
      one.enter()
    }
  }

  #remove(one: Waiting): boolean {
    if (!this.#waiting.delete(one)) return false
    this.#waitingBytes -= one.bytes
    return true
  }
}

import { PalabreError } from '../util/errors.ts'
import { type FairEntry, FairQueue } from '../util/fair-queue.ts'

export interface IngestGateInit {
  /** Batches that may be inside at once. */
  readonly atOnce: number
  /** Batches that may wait, and bytes of them together. */
  readonly maxWaiting: number
  readonly maxWaitingBytes: number
}

interface Waiting extends FairEntry {
  readonly enter: () => void
  readonly refuse: () => void
}

/** No batch counts as less: it is a transaction, however little is in it. */
const LEAST_COST_BYTES = 1_024

/**
 * The way of batches to the store's thread: a few at once, the others in turns of those who bring them, whatever way
 * they come. Where more waits than may, whoever brought most is told that there is no room for the oldest of it.
 */
export class IngestGate {
  readonly #init: IngestGateInit
  readonly #waiting: FairQueue<Waiting>
  #inside = 0

  constructor(init: IngestGateInit) {
    this.#init = init
    this.#waiting = new FairQueue({ maxEntries: init.maxWaiting, maxCost: init.maxWaitingBytes })
  }

  /**
   * Resolves when the batch may go in; `leave` must follow. `from` names who brings it.
   * @throws PalabreError `store-busy`; the signal's reason
   */
  async enter(bytes: number, from: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#inside < this.#init.atOnce) {
      this.#inside++
      return
    }
    const entered = Promise.withResolvers<void>()
    const one: Waiting = {
      lane: from,
      part: '',
      cost: Math.max(bytes, LEAST_COST_BYTES),
      enter: entered.resolve,
      refuse: () => entered.reject(this.#busy()),
    }
    for (const { refuse } of this.#waiting.add(one)) refuse()
    const give = () => {
      if (this.#waiting.delete(one)) entered.reject(signal?.reason)
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
    while (this.#inside < this.#init.atOnce && this.#admit()) {
      // Until all places are taken or nobody waits.
    }
  }

  /** Lets all in that wait: the thread has ended, and they shall hear of it. */
  open(): void {
    while (this.#admit()) {
      // Until nobody waits.
    }
  }

  #admit(): boolean {
    const next = this.#waiting.take()
    if (next === undefined) return false
    this.#inside++
    next.enter()
    return true
  }

  #busy(): PalabreError {
    return new PalabreError(
      'store-busy',
      `${this.#waiting.size} batches of ${this.#waiting.cost} bytes wait for the store`,
    )
  }
}

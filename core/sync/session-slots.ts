import { SyncError } from './errors.ts'

/** Sessions of one side, others' or own, may take so much of all: neither keeps the other from its turn (SYN12). */
const SHARE = 0.75

/** The place of one session. */
export interface SessionSlot {
  /** Aborted when the place is needed and nothing moves in this session. */
  readonly signal: AbortSignal
  /** Nothing has moved for a while, or something does again. */
  noteQuiet(isQuiet: boolean): void
  /** The session is over; may be called again. */
  free(): void
}

interface TakenSlot extends SessionSlot {
  readonly isInbound: boolean
  readonly isQuiet: boolean
  evict(): void
}

/**
 * How many sessions run at a time (SYN12). Own ones wait for their turn in the order of coming, so that peers who keep
 * sessions open, or come again and again, can't keep others out. Guests don't wait: they are told that there is no room.
 * Whoever needs a place ends a session in which nothing moves.
 */
export class SessionSlots {
  readonly #max: number
  readonly #taken = new Set<TakenSlot>()
  /** Own sessions that wait, the first next. */
  readonly #queue: ((slot: SessionSlot) => void)[] = []

  constructor(init: { readonly maxSessions: number }) {
    this.#max = init.maxSessions
  }

  get size(): number {
    return this.#taken.size
  }

  /** True when a session of this side would not have to wait. */
  get hasFree(): boolean {
    return this.#queue.length === 0 && this.#hasRoom(false)
  }

  /** For a session of this side, when its turn comes. @throws the signal's reason */
  async take(signal: AbortSignal): Promise<SessionSlot> {
    signal.throwIfAborted()
    if (this.hasFree) return this.#grant(false)
    const { promise, resolve, reject } = Promise.withResolvers<SessionSlot>()
    const onAbort = () => {
      const at = this.#queue.indexOf(resolve)
      if (at >= 0) this.#queue.splice(at, 1)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    this.#queue.push(resolve)
    this.#makeRoom(false)
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** For a session that somebody else begins; null when there is no room now. */
  takeForGuest(): SessionSlot | null {
    if (this.#hasRoom(true)) return this.#grant(true)
    this.#makeRoom(true)
    return null
  }

  #hasRoom(isInbound: boolean): boolean {
    return this.#taken.size < this.#max && this.#countOf(isInbound) < this.#max * SHARE
  }

  #countOf(isInbound: boolean): number {
    return [...this.#taken].filter((slot) => slot.isInbound === isInbound).length
  }

  #grant(isInbound: boolean): SessionSlot {
    const controller = new AbortController()
    let isQuiet = false
    const slot: TakenSlot = {
      isInbound,
      signal: controller.signal,
      get isQuiet() {
        return isQuiet
      },
      noteQuiet: (value) => {
        isQuiet = value
        if (value && this.#queue.length > 0) this.#makeRoom(false)
      },
      evict: () => controller.abort(new SyncError('stalled', 'nothing moves, and others wait for the place')),
      free: () => {
        if (this.#taken.delete(slot)) this.#callNext()
      },
    }
    this.#taken.add(slot)
    return slot
  }

  #callNext(): void {
    while (this.#queue.length > 0 && this.#hasRoom(false)) this.#queue.shift()?.(this.#grant(false))
    if (this.#queue.length > 0) this.#makeRoom(false)
  }

  /** Ends one session in which nothing moves, where that gives a session of this direction its place. */
  #makeRoom(isInbound: boolean): void {
    const isShareUsed = this.#countOf(isInbound) >= this.#max * SHARE
    const candidates = [...this.#taken].filter((slot) => !isShareUsed || slot.isInbound === isInbound)
    if (candidates.some(({ signal }) => signal.aborted)) return
    candidates.find(({ isQuiet }) => isQuiet)?.evict()
  }
}

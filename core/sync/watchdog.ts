import { SyncError } from './errors.ts'

export interface WatchdogInit {
  /** Longest time without progress. */
  readonly idleMs: number
  readonly totalMs: number
  /** Time without progress after which `onQuiet` is told, with false once something moves again. */
  readonly quietMs: number
  readonly onQuiet?: ((isQuiet: boolean) => void) | undefined
  /** After so long, own work not counted, fewer bytes a second than this are as good as none. */
  readonly slow?: { readonly afterMs: number; readonly bytesPerSecond: number }
}

/** Share of all the time after which no more is begun. */
const END_NEAR = 0.9

/** Ends a session in which nothing moves, or that takes too long in all, through one signal. */
export class Watchdog {
  readonly #init: WatchdogInit
  readonly #controller = new AbortController()
  #idleTimer: NodeJS.Timeout | null = null
  #totalTimer: NodeJS.Timeout | null = null
  #endTimer: NodeJS.Timeout | null = null
  #isEndNear = false
  #isQuiet = false
  #suspensions = 0
  #suspendedMs = 0
  #suspendedAtMs = 0
  #startedAtMs = 0
  #bytes = 0
  #isStopped = true
  #unlisten: () => void = () => {}

  constructor(init: WatchdogInit) {
    this.#init = init
  }

  /** Aborted when the session must end, with a SyncError or the outer signal's reason. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Little time is left: what is under way can end well, more can't. */
  get isEndNear(): boolean {
    return this.#isEndNear
  }

  start(outer: AbortSignal): AbortSignal {
    this.#isStopped = false
    this.#startedAtMs = performance.now()
    const onAbort = () => this.#controller.abort(outer.reason)
    if (outer.aborted) onAbort()
    outer.addEventListener('abort', onAbort, { once: true })
    this.#unlisten = () => outer.removeEventListener('abort', onAbort)
    this.#totalTimer = setTimeout(() => {
      this.#controller.abort(new SyncError('budget', `the session took more than ${this.#init.totalMs} ms`))
    }, this.#init.totalMs)
    this.#endTimer = setTimeout(() => {
      this.#isEndNear = true
    }, END_NEAR * this.#init.totalMs)
    this.noteProgress()
    return this.signal
  }

  /** So many bytes have moved, either way. */
  noteProgress(bytes = 0): void {
    this.#bytes += bytes
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer)
    this.#idleTimer = null
    this.#setQuiet(this.#isSlow())
    if (this.#isStopped || this.#suspensions > 0) return
    const { idleMs, quietMs } = this.#init
    this.#idleTimer = setTimeout(
      () => {
        this.#idleTimer = setTimeout(
          () => this.#controller.abort(new SyncError('stalled', `nothing moved for ${idleMs} ms`)),
          Math.max(0, idleMs - quietMs),
        )
        this.#setQuiet(true)
      },
      Math.min(quietMs, idleMs),
    )
  }

  /** Own work begins: the clock for the other side stands still. */
  suspend(): void {
    if (this.#suspensions === 0) this.#suspendedAtMs = performance.now()
    this.#suspensions++
    this.noteProgress()
  }

  resume(): void {
    this.#suspensions--
    if (this.#suspensions === 0) this.#suspendedMs += performance.now() - this.#suspendedAtMs
    this.noteProgress()
  }

  stop(): void {
    this.#isStopped = true
    this.#unlisten()
    if (this.#totalTimer !== null) clearTimeout(this.#totalTimer)
    if (this.#endTimer !== null) clearTimeout(this.#endTimer)
    this.noteProgress()
    // Whoever still waits for a frame is released.
    this.#controller.abort(new SyncError('truncated', 'the session is over'))
  }

  #isSlow(): boolean {
    const { slow } = this.#init
    if (slow === undefined || this.#isStopped || this.#suspensions > 0) return false
    const elapsedMs = performance.now() - this.#startedAtMs - this.#suspendedMs
    return elapsedMs > slow.afterMs && this.#bytes * 1_000 < slow.bytesPerSecond * elapsedMs
  }

  #setQuiet(isQuiet: boolean): void {
    if (this.#isQuiet === isQuiet) return
    this.#isQuiet = isQuiet
    this.#init.onQuiet?.(isQuiet)
  }
}

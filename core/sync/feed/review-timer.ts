import type { Startable } from '../../util/startable.ts'

export interface ReviewTimerInit {
  /** Looks once, and does what is due. */
  readonly review: () => Promise<void>
  /** After something was noted: what changes together is looked at once. Milliseconds. */
  readonly settleMs: number
  /** To the next look when nothing is noted, milliseconds. */
  readonly nextMs: () => number
  readonly onError: (error: unknown) => void
}

/** Looks at something soon after it was noted and else now and then, one look after the other. */
export class ReviewTimer implements Startable {
  readonly #init: ReviewTimerInit
  #timer: NodeJS.Timeout | undefined
  #reviewing: Promise<void> = Promise.resolve()
  #isStopped = true

  constructor(init: ReviewTimerInit) {
    this.#init = init
  }

  start(): void {
    this.#isStopped = false
    this.note()
  }

  /** Resolves when the look that is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#reviewing
  }

  /** Returns at once. */
  note(): void {
    this.#arm(this.#init.settleMs)
  }

  #arm(delayMs: number): void {
    if (this.#isStopped) return
    clearTimeout(this.#timer)
    const timer = setTimeout(() => {
      this.#reviewing = this.#reviewing.then(() => this.#look(timer))
    }, delayMs)
    this.#timer = timer
  }

  async #look(timer: NodeJS.Timeout): Promise<void> {
    if (this.#isStopped) return
    await this.#init.review().catch(this.#init.onError)
    // What was noted meanwhile has its own time.
    if (timer === this.#timer) this.#arm(this.#init.nextMs())
  }
}

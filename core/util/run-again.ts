/**
 * Work of which one run at a time is enough: who asks while it runs gets one more run afterwards, however many ask. A
 * run that fails is the work's own affair.
 */
export class RunAgain {
  readonly #work: () => Promise<void>
  #running: Promise<void> = Promise.resolve()
  #isRunning = false
  #isDue = false

  /** `work` must not reject. */
  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  /** Returns at once. */
  ask(): void {
    this.#isDue = true
    if (!this.#isRunning) this.#running = this.#run()
  }

  /** Resolves when everything that was asked for until now is done. */
  settled(): Promise<void> {
    return this.#running
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#isDue) {
      this.#isDue = false
      await this.#work()
    }
    this.#isRunning = false
  }
}

import { EXIT } from './command.ts'

/** SIGTERM has to be answered within five seconds. */
const STOP_DEADLINE_MS = 4_500
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The first signal asks for a clean stop, the second ends the process at once. */
export class StopSignals {
  /** What `race` throws after the first signal. */
  readonly reason = new Error('stopped by a signal')
  readonly stopped: Promise<void>
  first: NodeJS.Signals | undefined

  constructor() {
    this.stopped = new Promise((resolve) => {
      for (const signal of SIGNALS) {
        process.on(signal, () => {
          if (this.first !== undefined) process.exit(EXIT.failed)
          this.first = signal
          this.startDeadline()
          resolve()
        })
      }
    })
  }

  /** The work's result, or `reason` when a signal comes first. */
  async race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([
      work,
      this.stopped.then(() => {
        throw this.reason
      }),
    ])
  }

  #deadline: NodeJS.Timeout | undefined

  /** From here on the process has this long; what hangs then is left behind. */
  startDeadline(): void {
    this.#deadline ??= setTimeout(() => {
      process.stderr.write('the stop took too long; leaving what hangs\n')
      process.exit(EXIT.failed)
    }, STOP_DEADLINE_MS)
  }
}

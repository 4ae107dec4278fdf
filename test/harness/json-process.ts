import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { PATIENCE_MS } from './wait.ts'

/** A Node.js process that answers JSON lines to JSON lines, one at a time. */
export class JsonProcess {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  /** Runs a program under the Node.js that runs the test. */
  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, ['--no-warnings', program, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    if (this.#child.stdout === null) throw new Error('the process has no stdout')
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** The next line. @throws when the process ends or says nothing for `PATIENCE_MS`. */
  async next(): Promise<Record<string, unknown>> {
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the process says nothing')), PATIENCE_MS)
    })
    try {
      const { value, done } = await Promise.race([this.#lines.next(), deadline])
      if (done === true) throw new Error('the process has ended')
      return JSON.parse(value) as Record<string, unknown>
    } finally {
      clearTimeout(timer)
    }
  }

  async ask(command: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
    return await this.next()
  }

  /** Ends it and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await gone
  }
}

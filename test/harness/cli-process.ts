import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { programFile } from './programs.ts'

const MAIN = programFile('cli-main')
const READY_TIMEOUT_MS = 150_000

export interface Ready {
  readonly event: 'ready'
  readonly role: string
  readonly profile: string | null
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly url: string | null
  readonly dataDir: string
  readonly pid: number
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const environment = (change: Readonly<Record<string, string>>) => ({
  ...process.env,
  PALABRE_NETWORK: 'local',
  PALABRE_NO_OPEN: '1',
  ...change,
})

/** A command of the command line that goes on by itself. */
export function spawnPalabre(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], { env: environment({}) })
}

/** Runs a command of the command line to its end. */
export async function runPalabre(
  args: readonly string[],
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment(options.env ?? {}) })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  child.stdin.on('error', () => {})
  child.stdin.end(options.stdin ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** A host process that listens: `start` or `seed` with --json, in its own process. */
export class HostProcess {
  readonly child: ChildProcessWithoutNullStreams
  readonly ready: Ready
  /** Every line of stdout so far. */
  readonly lines: string[]
  readonly #stderr: string[]

  private constructor(child: ChildProcessWithoutNullStreams, ready: Ready, lines: string[], stderr: string[]) {
    this.child = child
    this.ready = ready
    this.lines = lines
    this.#stderr = stderr
  }

  /**
   * `within`: what stands in front of the command line, so that it runs elsewhere.
   *
   * @throws Error with its stderr when it ends before it listens
   */
  static async start(
    args: readonly string[],
    env: Record<string, string> = {},
    main = MAIN,
    within: readonly string[] = [],
  ): Promise<HostProcess> {
    const [program = '', ...rest] = [...within, process.execPath, main, ...args, '--json']
    const child = spawn(program, rest, { env: environment(env) })
    const lines: string[] = []
    const stderr: string[] = []
    child.stderr.setEncoding('utf8').on('data', (part: string) => stderr.push(part))
    const first = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line)
        resolve(line)
      })
      child.once('close', (code) => reject(new Error(`ended with ${code}: ${lines.join('\n')}\n${stderr.join('')}`)))
      setTimeout(() => reject(new Error(`not ready: ${stderr.join('')}`)), READY_TIMEOUT_MS).unref()
    })
    try {
      return new HostProcess(child, JSON.parse(await first) as Ready, lines, stderr)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  get stderr(): string {
    return this.#stderr.join('')
  }

  /** Sends the signal and waits for the end. @returns the exit code, null when a signal ended it */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode
    const closed = once(this.child, 'close')
    this.child.kill(signal)
    return ((await closed) as [number | null])[0]
  }
}

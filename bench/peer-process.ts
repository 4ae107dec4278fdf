import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { connectLocal, type LocalConnection } from '../core/node/local-client.ts'
import { bringUpToDate, COMMAND_LINE } from '../scripts/freshness.mjs'

bringUpToDate(COMMAND_LINE)

/** As people start it; built by now, so that no start contains it. */
const CLI = new URL('../scripts/palabre.mjs', import.meta.url).pathname
const START_TIMEOUT_MS = 60_000

export interface ReadyLine {
  readonly profile: string | null
  readonly addresses: readonly string[]
  readonly url: string | null
}

/** A node as an operator runs it: the command line in a process of its own, on loopback, over its local socket. */
export class PeerProcess {
  readonly dataDir: string
  readonly ready: ReadyLine
  /** From spawning to the ready line. */
  readonly readyMs: number
  readonly #child: ChildProcess

  private constructor(dataDir: string, child: ChildProcess, ready: ReadyLine, readyMs: number) {
    this.dataDir = dataDir
    this.#child = child
    this.ready = ready
    this.readyMs = readyMs
  }

  /** Resolves when the node listens. @throws Error when it ends before or takes longer than a minute */
  static async start(command: 'start' | 'seed', dataDir: string, options: readonly string[]): Promise<PeerProcess> {
    const { child, startedAt } = spawnPeer(command, dataDir, options)
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
    try {
      for await (const line of lines) {
        const said = JSON.parse(line) as ReadyLine & { event: string }
        if (said.event === 'ready') return new PeerProcess(dataDir, child, said, performance.now() - startedAt)
      }
    } finally {
      clearTimeout(timer)
    }
    throw new Error('the node ended before it was ready')
  }

  get address(): string {
    const [address] = this.ready.addresses
    if (address === undefined) throw new Error('the node listens nowhere')
    return address
  }

  connect(): Promise<LocalConnection> {
    return connectLocal(this.dataDir)
  }

  /** Memory in use by the process, MB: resident, and proportional to what it shares. Linux only. */
  async memoryMB(): Promise<{ resident: number; proportional: number }> {
    const rollup = await readFile(`/proc/${this.#child.pid}/smaps_rollup`, 'utf8')
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0)
    return { resident: kilobytes('Rss') / 1024, proportional: kilobytes('Pss') / 1024 }
  }

  /** The most that was resident at any time, MB. Linux only. */
  async peakMemoryMB(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await endProcess(this.#child, signal)
  }
}

/** The process alone; stdout is a pipe of JSON lines. */
export function spawnPeer(
  command: 'start' | 'seed',
  dataDir: string,
  options: readonly string[],
): { child: ChildProcess; startedAt: number } {
  const args = [command, '--data', dataDir, '--network', 'local', '--no-open', '--json', ...options]
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--no-warnings', CLI, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  return { child, startedAt }
}

/** Resolves when it is gone. */
export async function endProcess(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

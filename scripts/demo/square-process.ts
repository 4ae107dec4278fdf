import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { NodeClient } from '../../core/contract/client.ts'
import { connectLocal, type LocalConnection } from '../../core/node/local-client.ts'

/** A slow machine starts five processes at once; more than this means that something is wrong. */
const READY_TIMEOUT_MS = 60_000
/** A clean stop takes at most 5 s (docs/cli.md). */
const STOP_TIMEOUT_MS = 7_000

const MAIN = join(import.meta.dirname, '..', 'palabre.mjs')

/** What a node prints when it listens, as far as the demo needs it. */
export interface ReadyEvent {
  readonly profile: string | null
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly url: string | null
  readonly dataDir: string
}

export interface SquareProcessInit {
  readonly command: 'seed' | 'start'
  readonly dataDir: string
  /** More options of the command line. */
  readonly options: readonly string[]
}

/** One real node in a process of its own, driven over its local socket as any script would. */
export class SquareProcess {
  readonly ready: ReadyEvent
  readonly client: NodeClient
  readonly #child: ChildProcess
  readonly #connection: LocalConnection

  private constructor(child: ChildProcess, ready: ReadyEvent, connection: LocalConnection) {
    this.#child = child
    this.ready = ready
    this.#connection = connection
    this.client = connection.client
  }

  /** Starts a node on loopback and waits until it listens. @throws Error with what it said when it ends before */
  static async start(init: SquareProcessInit): Promise<SquareProcess> {
    const args = [MAIN, init.command, '--json', '--network', 'local', '--data', init.dataDir, ...init.options]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    try {
      const ready = await waitForReady(child)
      return new SquareProcess(child, ready, await connectLocal(init.dataDir))
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  /** Stops cleanly; ends the process when that takes too long. */
  async stop(): Promise<void> {
    await this.#connection.close().catch(() => undefined)
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    this.#child.kill('SIGTERM')
    await ended
    clearTimeout(timer)
  }
}

function waitForReady(child: ChildProcess): Promise<ReadyEvent> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(
      () => reject(new Error(`a node was not ready after ${READY_TIMEOUT_MS} ms\n${said}`)),
      READY_TIMEOUT_MS,
    )
    child.stderr?.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(-4_000)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`a node ended with exit code ${code} before it was ready\n${said}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const event = JSON.parse(line) as ReadyEvent & { event?: string }
      if (event.event !== 'ready') return
      clearTimeout(timer)
      resolve(event)
    })
  })
}

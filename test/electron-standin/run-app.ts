import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { PAGE_ORIGIN } from './browser-window.ts'
import type { StandinCommand } from './electron-module.ts'

const DEADLINE_MS = 60_000
const root = fileURLToPath(new URL('../..', import.meta.url))

export type StandinEvent = Readonly<Record<string, unknown>> & { readonly type: string }

/** The built desktop app on the stand-in, in a process of its own with a data directory of its own. */
export class StandinApp {
  readonly dataDir: string
  readonly events: StandinEvent[] = []
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #waiting = new Set<() => void>()
  #browser: Browser | null = null
  #exitCode: number | null = null

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child
    this.#folder = folder
    this.dataDir = join(folder, 'data')
    child.on('message', (event: StandinEvent) => {
      this.events.push(event)
      for (const check of this.#waiting) check()
    })
    child.on('exit', (code) => {
      this.#exitCode = code ?? 1
      for (const check of this.#waiting) check()
    })
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<StandinApp> {
    const folder = await mkdtemp(join(tmpdir(), 'palabre-desktop-'))
    const child = fork(join(root, 'dist', 'electron', 'main.js'), [], {
      execArgv: ['--import', fileURLToPath(new URL('./register.ts', import.meta.url))],
      env: { ...process.env, PALABRE_NETWORK: 'local', PALABRE_DATA: join(folder, 'data'), ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    return new StandinApp(child, folder)
  }

  command(command: StandinCommand): void {
    this.#child.send(command)
  }

  /** The first event from `from` on that fits. @throws Error after a minute, or when the app ends first */
  async event(fits: (event: StandinEvent) => boolean, from = 0): Promise<StandinEvent> {
    return this.#until(() => this.events.slice(from).find(fits), 'the event')
  }

  /** The app's page in its Chromium. */
  async page(): Promise<Page> {
    const { endpoint } = await this.event((event) => event.type === 'browser')
    this.#browser ??= await chromium.connectOverCDP(String(endpoint))
    const browser = this.#browser
    return this.#until(
      () =>
        browser
          .contexts()
          .flatMap((context) => context.pages())
          .find((page) => page.url().startsWith(PAGE_ORIGIN)),
      'the page',
    )
  }

  /** Exit code, once the app has ended. */
  async exited(): Promise<number> {
    return this.#until(() => this.#exitCode ?? undefined, 'the end', true)
  }

  /** Ends the app whatever its state and removes what it wrote. */
  async dispose(): Promise<void> {
    await this.#browser?.close().catch(() => undefined)
    if (this.#exitCode === null) {
      this.command({ type: 'quit' })
      await this.exited().catch(() => this.#child.kill('SIGKILL'))
    }
    await rm(this.#folder, { recursive: true, force: true })
  }

  #until<T>(look: () => T | undefined, what: string, isEndFine = false): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearInterval(poll)
        clearTimeout(timer)
        this.#waiting.delete(check)
        settle()
      }
      const check = () => {
        const found = look()
        if (found !== undefined) finish(() => resolve(found))
        else if (this.#exitCode !== null && !isEndFine) finish(() => reject(new Error(`the app ended before ${what}`)))
      }
      const poll = setInterval(check, 50)
      const timer = setTimeout(
        () => finish(() => reject(new Error(`${what} did not come; seen: ${JSON.stringify(this.events.slice(-20))}`))),
        DEADLINE_MS,
      )
      this.#waiting.add(check)
      check()
    })
  }
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Locator, Page } from 'playwright-core'
import { HostProcess } from './cli-process.ts'
import { PATIENCE_MS } from './wait.ts'

/** The window's texts; imported by address, since tests of nodes are compiled apart from the window. */
const CATALOG = new URL('../../renderer/i18n/catalog.ts', import.meta.url).href
const { catalog } = (await import(CATALOG)) as { catalog: { en: Record<string, string> } }

/** Git-ignored; kept by the workflow as an artefact of the run. */
const ARTIFACTS = join(import.meta.dirname, '..', '..', 'artifacts')

/** What the browser itself writes to the console when nobody listens at an address. */
const UNREACHABLE = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED|WebSocket connection to/u

/** In the page before anything of it runs: a blocked resource says so even where the console is quiet. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('blocked by the CSP: ' + event.violatedDirective + ' ' + event.blockedURI))`

/** A sentence of the window in English, for those that tests only wait for. */
export function says(id: string): string {
  const text = catalog.en[id]
  if (text === undefined) throw new Error(`the window has no text ${id}`)
  return text
}

/** A node of the command line, restarted on the same data directory and the same port. */
export class RealNode {
  readonly dataDir: string
  readonly #args: readonly string[]
  #host: HostProcess | null = null

  constructor(dataDir: string, args: readonly string[]) {
    this.dataDir = dataDir
    this.#args = [...args, '--network', 'local', '--data', dataDir]
  }

  async start(): Promise<HostProcess> {
    this.#host = await HostProcess.start(this.#args, { NODE_COMPILE_CACHE: join(this.dataDir, '..', 'compiled') })
    return this.#host
  }

  /** No clean end: as a crash or a lost supply leaves it. */
  async kill(): Promise<void> {
    await this.#host?.stop('SIGKILL')
  }
}

export interface PersonWindowInit {
  readonly browser: Browser
  /** Folder below artifacts/ for the pictures of this window. */
  readonly album: string
  readonly context?: BrowserContextOptions
}

/** The window of one person: a browser of its own, watched for errors, photographed on the way. */
export class PersonWindow {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors on the console, exceptions and blocked resources, in order. */
  readonly problems: string[] = []
  readonly #album: string
  #isNodeGone = false

  private constructor(context: BrowserContext, page: Page, album: string) {
    this.context = context
    this.page = page
    this.#album = album
    page.on('console', (message) => this.#note(message))
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`))
  }

  static async open({ browser, album, context: options }: PersonWindowInit): Promise<PersonWindow> {
    const folder = join(ARTIFACTS, album)
    await mkdir(folder, { recursive: true })
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en-GB',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      ...options,
    })
    context.setDefaultTimeout(PATIENCE_MS)
    await context.addInitScript(REPORT_VIOLATIONS)
    return new PersonWindow(context, await context.newPage(), folder)
  }

  /** While this runs the browser may complain that nobody answers at the node's address. */
  async withoutNode<T>(act: () => Promise<T>): Promise<T> {
    this.#isNodeGone = true
    try {
      return await act()
    } finally {
      this.#isNodeGone = false
    }
  }

  async photograph(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.#album, `${name}.png`) })
  }

  /** A post in a list, by words of its text. */
  post(text: string): Locator {
    return this.page.locator('article[data-post]').filter({ hasText: text })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true }).first()
  }

  /** Follows a link of the navigation. */
  async goTo(place: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: place, exact: true }).first().click()
  }

  async close(): Promise<void> {
    await this.context.close()
  }

  #note(message: ConsoleMessage): void {
    if (message.type() !== 'error') return
    const text = `${message.text()} (${message.location().url})`
    if (this.#isNodeGone && UNREACHABLE.test(text)) return
    this.problems.push(text)
  }
}

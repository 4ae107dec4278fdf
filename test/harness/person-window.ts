import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Locator, Page } from 'playwright-core'
import { HostProcess } from './cli-process.ts'
import { PATIENCE_MS } from './wait.ts'

/** The window's texts; imported by address, since tests of nodes are compiled apart from the window. */
const CATALOG = new URL('../../renderer/i18n/catalog.ts', import.meta.url).href
const { catalog } = (await import(CATALOG)) as { catalog: Record<Language, Record<string, string>> }
type Language = 'en' | 'fr'

/** Git-ignored; kept by the workflow as an artefact of the run. */
const ARTIFACTS = join(import.meta.dirname, '..', '..', 'artifacts')

const THEMES = ['light', 'dark'] as const
/** Wide and narrow, pixels. */
const SIZES = [
  [1280, 900],
  [390, 844],
] as const

/** Set to look at the pages afterwards, `all` for both themes in both sizes; a run that only tests takes no pictures. */
const PICTURES = process.env.PALABRE_PICTURES ?? ''

/** What the browser itself writes to the console when nobody listens at an address. */
const UNREACHABLE = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED|WebSocket connection to/u

/** In the page before anything of it runs: a blocked resource says so even where the console is quiet. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('blocked by the CSP: ' + event.violatedDirective + ' ' + event.blockedURI))`

/** A sentence of the window, for those that tests only wait for. */
export function says(id: string, language: Language = 'en'): string {
  const text = catalog[language][id]
  if (text === undefined) throw new Error(`the window has no text ${id}`)
  return text
}

/** Matches a sentence whose arguments are plain, each of them in a group of its own; the spaces of names are plain ones. */
function patternOf(text: string): RegExp {
  const parts = text
    .split(/\{[^{}]+\}/u)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&').replace(/\s/gu, '\\s'))
  return new RegExp(`^${parts.join('(.+)')}$`, 'u')
}

/** A node of the command line, restarted on the same data directory and the same port. */
export class RealNode {
  readonly dataDir: string
  readonly #args: readonly string[]
  readonly #main: string | undefined
  #host: HostProcess | null = null

  /** @param main a program in place of the command line */
  constructor(dataDir: string, args: readonly string[], main?: string) {
    this.dataDir = dataDir
    this.#args = [...args, '--network', 'local', '--data', dataDir]
    this.#main = main
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<HostProcess> {
    this.#host = await HostProcess.start(this.#args, env, this.#main)
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
  /** What the browser asks for; English unless told. */
  readonly language?: Language | undefined
  readonly context?: BrowserContextOptions
}

/** The window of one person: a browser of its own, watched for errors, photographed on the way. */
export class PersonWindow {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors on the console, exceptions and blocked resources, in order. */
  readonly problems: string[] = []
  readonly language: Language
  readonly #album: string
  #isNodeGone = false

  private constructor(context: BrowserContext, page: Page, init: { album: string; language: Language }) {
    this.context = context
    this.page = page
    this.language = init.language
    this.#album = init.album
    page.on('console', (message) => this.#note(message))
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`))
  }

  static async open({ browser, album, language = 'en', context: options }: PersonWindowInit): Promise<PersonWindow> {
    const folder = join(ARTIFACTS, album)
    await mkdir(folder, { recursive: true })
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      ...options,
    })
    context.setDefaultTimeout(PATIENCE_MS)
    await context.addInitScript(REPORT_VIOLATIONS)
    return new PersonWindow(context, await context.newPage(), { album: folder, language })
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

  /** Takes a picture where pictures are asked for. */
  async photograph(name: string, fullPage = false): Promise<void> {
    if (PICTURES !== '') await this.page.screenshot({ path: join(this.#album, `${name}.png`), fullPage })
  }

  /** Takes a picture of what went wrong. */
  async photographFailure(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.#album, `${name}.png`) })
  }

  /** All of the page as it stands, wide in light and narrow in dark, which has to be shown without complaints. */
  async photographAll(name: string): Promise<void> {
    const wide = this.page.viewportSize()
    for (const [width, height] of SIZES) {
      await this.page.setViewportSize({ width, height })
      for (const theme of PICTURES === 'all' ? THEMES : ([width > 800 ? 'light' : 'dark'] as const)) {
        await this.page.emulateMedia({ colorScheme: theme })
        await this.photograph(`${name}-${this.language}-${theme}-${width}`, true)
      }
    }
    if (wide !== null) await this.page.setViewportSize(wide)
    await this.page.emulateMedia({ colorScheme: THEMES[0] })
  }

  /** A sentence of the window in the language of this one. */
  says(id: string): string {
    return says(id, this.language)
  }

  /** The same with arguments, of which each can be anything. */
  sentence(id: string): RegExp {
    return patternOf(this.says(id))
  }

  /** Presses the button with this text. */
  async press(id: string): Promise<void> {
    await this.button(this.says(id)).first().click()
  }

  /** Waits for a heading with this text, whatever its arguments. */
  async reads(id: string): Promise<void> {
    await this.page
      .getByRole('heading', { name: this.sentence(id) })
      .first()
      .waitFor()
  }

  field(id: string): Locator {
    return this.page.getByRole('textbox', { name: this.says(id) })
  }

  /** Goes to an address of the window. */
  async visit(path: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(path)}`)
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

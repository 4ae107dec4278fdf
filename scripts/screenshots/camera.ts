import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export const THEMES = ['light', 'dark'] as const
export const WIDTHS = [1280, 800, 390] as const
export const LANGUAGES = ['en', 'fr'] as const
export type Theme = (typeof THEMES)[number]
export type Width = (typeof WIDTHS)[number]
export type Language = (typeof LANGUAGES)[number]

/** In how many shapes a screen is taken. */
export interface View {
  readonly theme: Theme
  readonly width: Width
}

/** Every theme at every width. */
export const ALL_VIEWS: readonly View[] = THEMES.flatMap((theme) => WIDTHS.map((width) => ({ theme, width })))
/** One view for each language: the wide one by day, the narrow one by night. */
export const FEW_VIEWS: readonly View[] = [
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 390 },
]

const HEIGHT_PX: Record<Width, number> = { 1280: 900, 800: 900, 390: 844 }
const TIMEOUT_MS = 30_000

/** In the page: fonts and pictures in sight are there, and two frames have been drawn. */
const SETTLED = `(async () => {
  await document.fonts.ready
  const pictures = [...document.images].filter((image) => {
    const { top, bottom } = image.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  })
  await Promise.all(pictures.map((image) => image.decode().catch(() => undefined)))
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
})()`

/** One page in one language, photographed in several themes and widths. */
export class Camera {
  readonly page: Page
  readonly context: BrowserContext
  readonly language: Language
  readonly #folder: string

  private constructor(page: Page, language: Language, folder: string) {
    this.page = page
    this.context = page.context()
    this.language = language
    this.#folder = folder
  }

  /** @param state cookies of another camera, for a node whose one-time link is used up */
  static async open(
    browser: Browser,
    language: Language,
    folder: string,
    state?: Awaited<ReturnType<BrowserContext['storageState']>>,
  ): Promise<Camera> {
    await mkdir(folder, { recursive: true })
    const context = await browser.newContext({
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      timezoneId: 'Europe/Paris',
      viewport: { width: 1280, height: HEIGHT_PX[1280] },
      colorScheme: 'light',
      reducedMotion: 'reduce',
      ...(state !== undefined && { storageState: state }),
    })
    context.setDefaultTimeout(TIMEOUT_MS)
    return new Camera(await context.newPage(), language, folder)
  }

  /** Goes to a route of the window, without loading the page again. */
  async goTo(route: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(route)}`)
  }

  /** Files are called name-theme-width-language.png. A greater height shows what a list draws further down. */
  async shoot(name: string, views: readonly View[] = FEW_VIEWS, heightPx?: number): Promise<void> {
    for (const { theme, width } of views) {
      await this.page.emulateMedia({ colorScheme: theme })
      await this.page.setViewportSize({ width, height: heightPx ?? HEIGHT_PX[width] })
      await this.page.evaluate(SETTLED)
      await this.page.screenshot({ path: join(this.#folder, `${name}-${theme}-${width}-${this.language}.png`) })
    }
    await this.page.emulateMedia({ colorScheme: 'light' })
    await this.page.setViewportSize({ width: 1280, height: HEIGHT_PX[1280] })
  }

  async close(): Promise<void> {
    await this.context.close()
  }
}

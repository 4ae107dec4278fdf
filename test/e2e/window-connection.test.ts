import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRenderer } from '../../scripts/build.ts'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { type ServedFake, serveFakeNode } from '../harness/serve-fake.ts'

const found = await findChromium()
const reason = 'missing' in found ? found.missing : ''
const START_TIMEOUT_MS = 240_000

/** The built window behind the real web server, with its headers, while the node goes away and comes back. */
describe.skipIf(reason !== '')(`the window and its node${reason === '' ? '' : ` (skipped: ${reason})`}`, () => {
  let browser: Browser
  let fake: ServedFake
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    browser = await launchBrowser()
    fake = await serveFakeNode({ nowMs: Date.now() })
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_280, height: 820 } })
    page = await context.newPage()
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(fake.link())
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor()
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    await browser?.close()
    await fake?.stop()
  })

  it('shows the bundled fonts and breaks no rule of the content security policy', async () => {
    // Text, because this file is checked without the DOM.
    const fonts = await page.evaluate<string[]>(
      'document.fonts.ready.then((all) => [...all].filter((font) => font.status === "loaded").map((font) => font.family))',
    )
    expect(new Set(fonts.map((family) => family.replaceAll('"', '')))).toEqual(
      new Set(['Radio Canada Variable', 'Alegreya Variable']),
    )
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    expect(complaints).toEqual([])
  })

  it('goes on by itself after the connection broke, and hears of what it missed', async () => {
    await fake.web.disconnectAll()
    await page.evaluate('location.hash = "#/settings"')
    fake.node.controls.setNetwork('offline')
    await page.getByText(/^Offline since/).waitFor()
    fake.node.controls.setNetwork('connected')
    await page.getByText(/^Offline since/).waitFor({ state: 'detached' })
  })

  it('says that the session ended, keeps what is shown, and comes back with a new link', async () => {
    await fake.expireSessions()
    await page.getByText('This browser is no longer let in.').waitFor()
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.goto(fake.link())
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor()
    expect(await page.getByText('This browser is no longer let in.').count()).toBe(0)
  })

  it('says that the program stopped', async () => {
    await fake.web.stop()
    await page.getByText('The program on this computer has stopped answering.').waitFor()
    expect(complaints).toEqual([])
  })
})

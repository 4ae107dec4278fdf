import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launchBrowser } from '../harness/chromium.ts'
import { type ServedFake, serveFakeNode } from '../harness/serve-fake.ts'

const found = await findChromium()

interface PageElement {
  onload: (() => void) | null
  onerror: (() => void) | null
  src: string
}
/** The little of a page that the functions below use; they run there. */
interface PageGlobals {
  readonly Image: new () => PageElement
  readonly document: {
    createElement(name: string): PageElement
    readonly body: { append(element: PageElement): void }
  }
  readonly location: { href: string }
}

/** What a page can try against the window of a browser that has a session, and what it got. */
const attack = async (target: { origin: string; media: string }) => {
  const socket = (url: string) =>
    new Promise<string>((resolve) => {
      const ws = new WebSocket(url)
      ws.onopen = () => resolve('open')
      ws.onerror = () => resolve('refused')
    })
  const request = (init: RequestInit) =>
    fetch(`${target.origin}/session`, { credentials: 'include', ...init }).then(
      (response) => (response.type === 'opaque' ? 'opaque' : String(response.status)),
      () => 'refused',
    )
  const image = (src: string) =>
    new Promise<string>((resolve) => {
      const element = new (globalThis as unknown as PageGlobals).Image()
      element.onload = () => resolve('shown')
      element.onerror = () => resolve('refused')
      element.src = src
    })
  return {
    socket: await socket(`${target.origin.replace('http', 'ws')}/rpc`),
    read: await request({}),
    preflighted: await request({ method: 'PUT', headers: { 'x-own': '1' } }),
    image: await image(target.origin + target.media),
  }
}

describe.skipIf('missing' in found)('a hostile page in a browser that has a session', () => {
  let browser: Browser
  let context: BrowserContext
  let served: ServedFake
  let hostile: Server
  let hostilePort: number
  let rendererDir: string
  let media: string
  const statuses: { url: string; status: number }[] = []

  beforeAll(async () => {
    rendererDir = await mkdtemp(join(tmpdir(), 'palabre-renderer-'))
    await mkdir(join(rendererDir, 'assets'))
    await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>window</title><p id="window">window</p>')
    served = await serveFakeNode({ rendererDir })
    media = `/media/${[...served.node.controls.square().files.keys()][0]}`
    hostile = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<!doctype html><title>hostile</title><body></body>')
    })
    await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve))
    hostilePort = (hostile.address() as AddressInfo).port
    browser = await launchBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1'])
    context = await browser.newContext()
    context.on('response', (response) => statuses.push({ url: response.url(), status: response.status() }))
    const page = await context.newPage()
    await page.goto(served.link())
    expect(await page.textContent('#window')).toBe('window')
    await page.close()
  })
  afterAll(async () => {
    await browser.close()
    await new Promise((resolve) => hostile.close(resolve))
    await served.stop()
    await rm(rendererDir, { recursive: true, force: true })
  })

  const target = () => ({ origin: `http://127.0.0.1:${served.port}`, media })
  const visit = async (url: string): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
  const reached = () =>
    statuses.filter(({ url, status }) => url.startsWith(target().origin) && status >= 200 && status < 400)

  it.each(['evil.example', 'localhost', '127.0.0.1'])('from %s opens, reads and shows nothing', async (name) => {
    const page = await visit(`http://${name}:${hostilePort}/`)
    statuses.length = 0
    expect(await page.evaluate(attack, target())).toEqual({
      socket: 'refused',
      read: 'refused',
      preflighted: 'refused',
      image: 'refused',
    })
    expect(reached()).toEqual([])
    await page.close()
  })

  it('cannot frame the window', async () => {
    const page = await visit(`http://127.0.0.1:${hostilePort}/`)
    statuses.length = 0
    await page.evaluate(
      (origin) =>
        new Promise<void>((resolve) => {
          const { document } = globalThis as unknown as PageGlobals
          const frame = document.createElement('iframe')
          frame.onload = resolve
          frame.src = origin
          document.body.append(frame)
        }),
      target().origin,
    )
    expect(reached()).toEqual([])
    for (const frame of page.frames().slice(1)) expect(await frame.content()).not.toContain('window</p>')
    await page.close()
  })

  it('cannot be the window under a name of its own (DNS rebinding)', async () => {
    const page = await context.newPage()
    const response = await page.goto(`http://evil.example:${served.port}/`)
    expect(response?.status()).toBe(421)
    await page.close()
  })

  it('while the window itself does all of it', async () => {
    const page = await visit(target().origin)
    expect(await page.evaluate(attack, target())).toMatchObject({ socket: 'open', read: '204', image: 'shown' })
    await page.close()
  })

  it('while a link on another site may lead to the window, through a fresh one-time link', async () => {
    const other = await browser.newContext()
    const page = await other.newPage()
    await page.goto(`http://evil.example:${hostilePort}/`)
    const link = served.link()
    await page.evaluate((url) => {
      const page = globalThis as unknown as PageGlobals
      page.location.href = url
    }, link)
    await page.waitForSelector('#window')
    expect(page.url()).toBe(`${target().origin}/`)
    await other.close()
  })
})

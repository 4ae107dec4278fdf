import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import type { StandinPort } from './message-ports.ts'
import { PAGE_WORLD_SCRIPT, PRELOAD_WORLD, preloadWorldScript, SEND_BINDING } from './page-scripts.ts'

/** Where the pages of `app://palabre` lie in a plain Chromium, which knows no custom scheme. Nothing answers there but the stand-in. */
export const PAGE_ORIGIN = 'https://palabre.invalid'
const APP_ORIGIN = 'app://palabre'

export interface WindowHost {
  /** The one browser of this run. */
  context(): Promise<BrowserContext>
  /** The handler that main registered for the scheme. */
  handle(request: Request): Promise<Response>
  /** A message from a preload. */
  onIpc(sender: StandinWebContents, channel: string, args: readonly unknown[]): void
  report(event: Record<string, unknown>): void
}

export interface WindowOptions {
  readonly webPreferences?: {
    readonly preload?: string
    readonly sandbox?: boolean
    readonly contextIsolation?: boolean
    readonly nodeIntegration?: boolean
  }
}

type OpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' }

/** One page with Electron's names: navigation asks main's listeners first, as a sandboxed window does. */
export class StandinWebContents extends EventEmitter {
  readonly #host: WindowHost
  readonly #options: WindowOptions
  #openHandler: OpenHandler = () => ({ action: 'allow' })
  #page: Page | null = null
  #cdp: CDPSession | null = null
  #worldContext: number | null = null
  readonly #ports = new Map<number, StandinPort>()
  #nextPort = 1

  constructor(host: WindowHost, options: WindowOptions) {
    super()
    this.#host = host
    this.#options = options
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  getURL(): string {
    return (this.#page?.url() ?? 'about:blank').replace(PAGE_ORIGIN, APP_ORIGIN)
  }

  postMessage(channel: string, data: unknown, transfer: readonly StandinPort[] = []): void {
    const ports = transfer.map((port) => this.#adopt(port))
    this.#toPreload({ type: 'ipc', channel, args: [data], ports })
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#open()
    await page.goto(url.replace(APP_ORIGIN, PAGE_ORIGIN))
  }

  async closePage(): Promise<void> {
    await this.#page?.close()
  }

  async #open(): Promise<Page> {
    if (this.#page !== null) return this.#page
    const { sandbox, contextIsolation, nodeIntegration, preload } = this.#options.webPreferences ?? {}
    if (sandbox !== true || contextIsolation !== true || nodeIntegration !== false || preload === undefined) {
      throw new Error('the stand-in opens sandboxed, isolated windows without Node.js only')
    }
    const page = await (await this.#host.context()).newPage()
    this.#page = page
    await this.#installWorlds(page, await readFile(preload, 'utf8'))
    await page.route('**/*', async (route) => {
      const request = route.request()
      if (!request.url().startsWith(`${PAGE_ORIGIN}/`)) {
        if (request.isNavigationRequest()) this.#emitNavigation(request.url())
        else this.#host.report({ type: 'refused-request', url: request.url() })
        return route.abort()
      }
      const answer = await this.#host.handle(
        new Request(request.url().replace(PAGE_ORIGIN, APP_ORIGIN), { method: request.method() }),
      )
      return route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      })
    })
    page.on('popup', (popup) => popup.close().catch(() => undefined))
    page.on('console', (message) => this.#host.report({ type: 'console', level: message.type(), text: message.text() }))
    page.on('close', () => this.emit('destroyed'))
    return page
  }

  #emitNavigation(url: string): void {
    let isPrevented = false
    this.emit('will-navigate', { preventDefault: () => (isPrevented = true) }, url)
    if (!isPrevented) this.#host.report({ type: 'left-the-app', url })
  }

  async #installWorlds(page: Page, preload: string): Promise<void> {
    const cdp = await page.context().newCDPSession(page)
    this.#cdp = cdp
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === PRELOAD_WORLD) this.#worldContext = context.id
    })
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === SEND_BINDING) this.#fromPreload(JSON.parse(payload) as Record<string, unknown>)
    })
    cdp.on('Page.windowOpen', ({ url }) => {
      if (this.#openHandler({ url }).action === 'allow') this.#host.report({ type: 'left-the-app', url })
    })
    await cdp.send('Page.enable')
    await cdp.send('Runtime.enable')
    await cdp.send('Runtime.addBinding', { name: SEND_BINDING, executionContextName: PRELOAD_WORLD })
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: PAGE_WORLD_SCRIPT })
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadWorldScript(preload),
      worldName: PRELOAD_WORLD,
    })
  }

  #toPreload(message: Record<string, unknown>): void {
    const contextId = this.#worldContext
    if (this.#cdp === null || contextId === null) return
    const expression = `__standinReceive(${JSON.stringify(JSON.stringify(message))})`
    this.#cdp.send('Runtime.evaluate', { contextId, expression }).catch(() => undefined)
  }

  #fromPreload(message: Record<string, unknown>): void {
    if (message.type === 'ipc') {
      this.#host.onIpc(this, String(message.channel), message.args as unknown[])
    } else {
      const wire = message.data as { base64?: string; value?: unknown }
      const data = wire.base64 === undefined ? wire.value : new Uint8Array(Buffer.from(wire.base64, 'base64')).buffer
      this.#ports.get(Number(message.port))?.postMessage(data)
    }
  }

  #adopt(port: StandinPort): number {
    const id = this.#nextPort++
    this.#ports.set(id, port)
    port.on('message', ({ data }: { data: unknown }) => {
      const isBytes = data instanceof ArrayBuffer || ArrayBuffer.isView(data)
      const bytes = data instanceof ArrayBuffer ? Buffer.from(data) : data
      const wire = isBytes ? { base64: Buffer.from(bytes as Uint8Array).toString('base64') } : { value: data }
      this.#toPreload({ type: 'port-data', port: id, data: wire })
    })
    port.on('close', () => {
      this.#ports.delete(id)
      this.#toPreload({ type: 'port-close', port: id })
    })
    port.start()
    return id
  }
}

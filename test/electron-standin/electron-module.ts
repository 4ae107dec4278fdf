import { EventEmitter } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Electron from 'electron'
import { type BrowserContext, chromium } from 'playwright-core'
import { findChromium } from '../harness/chromium.ts'
import { StandinWebContents, type WindowHost, type WindowOptions } from './browser-window.ts'
import { createPortPair, type StandinPort } from './message-ports.ts'
import { StandinUtilityProcess } from './utility-process.ts'

/**
 * Stands in for the `electron` module in the main process: real child processes, a real Chromium page, a preload in an
 * isolated world; no Electron binary. The test that started this process drives it over the process channel.
 */

/** What the test says to the stand-in. */
export type StandinCommand =
  | { readonly type: 'answer-dialogs'; readonly response: number }
  | { readonly type: 'kill-node' }
  | { readonly type: 'second-instance' }
  | { readonly type: 'ask-permission'; readonly permission: string }
  | { readonly type: 'quit' }

function report(event: Record<string, unknown>): void {
  if (process.connected) process.send?.(event)
}

let dialogResponse = 0
let browserContext: Promise<BrowserContext> | null = null
const nodes: StandinUtilityProcess[] = []
const schemeHandlers = new Map<string, (request: Request) => Response | Promise<Response>>()
const windows: StandinBrowserWindow[] = []

async function openBrowser(): Promise<BrowserContext> {
  const found = await findChromium()
  if ('missing' in found) throw new Error(found.missing)
  const profile = await mkdtemp(join(tmpdir(), 'palabre-standin-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: found.executablePath,
    args: [...found.args, '--remote-debugging-port=0'],
    env: found.env,
    chromiumSandbox: true,
    viewport: { width: 1280, height: 860 },
  })
  app.once('will-exit', () => rmSync(profile, { recursive: true, force: true }))
  await context.route('**/*', (route) => route.abort())
  const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
  report({ type: 'browser', endpoint: `http://127.0.0.1:${port}` })
  return context
}

const host: WindowHost = {
  context: () => {
    browserContext ??= openBrowser()
    return browserContext
  },
  handle: async (request) => {
    const handler = schemeHandlers.get(new URL(request.url).protocol.slice(0, -1))
    return handler === undefined ? new Response('no such scheme', { status: 404 }) : handler(request)
  },
  onIpc: (sender, channel, args) => {
    ipcMain.emit(channel, { sender, senderFrame: { url: sender.getURL() } }, ...args)
  },
  report,
}

class StandinApp extends EventEmitter {
  #isExiting = false

  whenReady(): Promise<void> {
    return Promise.resolve()
  }

  requestSingleInstanceLock(): boolean {
    return process.env.PALABRE_STANDIN_SECOND !== '1'
  }

  enableSandbox(): void {}

  getLocale(): string {
    return process.env.PALABRE_STANDIN_LOCALE ?? 'en'
  }

  quit(): void {
    if (this.#isExiting) return
    let isPrevented = false
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) })
    if (!isPrevented) this.exit(0)
  }

  exit(code = 0): void {
    if (this.#isExiting) return
    this.#isExiting = true
    Promise.resolve(browserContext)
      .then((context) => context?.close())
      .catch(() => undefined)
      .finally(() => {
        this.emit('will-exit')
        process.exit(code)
      })
  }
}

class StandinBrowserWindow extends EventEmitter {
  readonly webContents: StandinWebContents
  #isDestroyed = false

  constructor(options: WindowOptions) {
    super()
    this.webContents = new StandinWebContents(host, options)
    this.webContents.once('destroyed', () => {
      this.#isDestroyed = true
      windows.splice(windows.indexOf(this), 1)
      this.emit('closed')
      if (windows.length === 0) app.emit('window-all-closed')
    })
    windows.push(this)
  }

  static getAllWindows(): StandinBrowserWindow[] {
    return [...windows]
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.loadURL(url)
    this.emit('ready-to-show')
  }

  show(): void {
    report({ type: 'shown' })
  }

  focus(): void {
    report({ type: 'focused' })
  }

  isMinimized(): boolean {
    return false
  }

  restore(): void {}

  isDestroyed(): boolean {
    return this.#isDestroyed
  }
}

type PermissionHandler = (contents: unknown, permission: string, decide: (isGranted: boolean) => void) => void
let permissionHandler: PermissionHandler = (_contents, _permission, decide) => decide(true)
let permissionCheck: () => boolean = () => true

const defaultSession = {
  setPermissionRequestHandler(handler: PermissionHandler): void {
    permissionHandler = handler
  },
  setPermissionCheckHandler(handler: () => boolean): void {
    permissionCheck = handler
  },
  setDevicePermissionHandler(): void {},
}

export const app = new StandinApp()
export const ipcMain = new EventEmitter()
export const BrowserWindow = StandinBrowserWindow
export const session = { defaultSession }
export const shell = {
  openExternal: async (url: string): Promise<void> => report({ type: 'opened-outside', url }),
}
export const dialog = {
  showMessageBox: async (...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> => {
    const options = args.at(-1) as { message: string; detail?: string }
    report({ type: 'dialog', message: options.message, detail: options.detail ?? '' })
    return { response: dialogResponse, checkboxChecked: false }
  },
}
export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string }[]): void {
    report({ type: 'schemes', schemes: schemes.map((entry) => entry.scheme) })
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void {
    schemeHandlers.set(scheme, handler)
  },
}
export class MessageChannelMain {
  readonly port1: StandinPort
  readonly port2: StandinPort

  constructor() {
    const pair = createPortPair()
    this.port1 = pair.port1
    this.port2 = pair.port2
  }
}
export const utilityProcess = {
  fork(modulePath: string, args: readonly string[] = []): StandinUtilityProcess {
    const child = new StandinUtilityProcess(modulePath, args)
    nodes.push(child)
    child.once('spawn', () => report({ type: 'node-started', pid: child.pid }))
    return child
  },
}

/** Members of the stand-in that Electron doesn't have, its own seams left out: a name that isn't Electron's is a type error here. */
type Foreign<Ours, Theirs, Seams extends string = never> = Exclude<
  keyof Ours,
  keyof Theirs | keyof EventEmitter | Seams
>
type ForeignMembers =
  | Foreign<StandinApp, Electron.App>
  | Foreign<StandinBrowserWindow, Electron.BrowserWindow>
  | Foreign<StandinWebContents, Electron.WebContents, 'closePage'>
  | Foreign<StandinPort, Electron.MessagePortMain, 'connect' | 'receive'>
  | Foreign<StandinUtilityProcess, Electron.UtilityProcess>
  | Foreign<typeof defaultSession, Electron.Session>
  | Foreign<typeof dialog, Electron.Dialog>
  | Foreign<typeof protocol, Electron.Protocol>
  | Foreign<typeof shell, Electron.Shell>
  | Foreign<typeof utilityProcess, typeof Electron.utilityProcess>
  | Foreign<MessageChannelMain, Electron.MessageChannelMain>
/** Compiles only while there are none. */
export const foreignMembers: [ForeignMembers] extends [never] ? true : ForeignMembers = true

process.on('message', (command: StandinCommand) => {
  if (command.type === 'answer-dialogs') dialogResponse = command.response
  else if (command.type === 'kill-node') nodes.at(-1)?.kill()
  else if (command.type === 'second-instance') app.emit('second-instance')
  else if (command.type === 'quit') app.quit()
  else {
    permissionHandler(null, command.permission, (isGranted) =>
      report({ type: 'permission', isGranted, isChecked: permissionCheck() }),
    )
  }
})
process.on('disconnect', () => app.exit(1))

import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  type IpcMainEvent,
  ipcMain,
  MessageChannelMain,
  protocol,
  session,
  shell,
  utilityProcess,
} from 'electron'
import { APP_SCHEME, CHANNEL } from './app-origin.ts'
import { createAppSchemeHandler } from './app-scheme.ts'
import { checkExternalLink } from './external-links.ts'
import { mainTexts } from './main-texts.ts'
import { NodeSupervisor } from './node-supervisor.ts'
import { createMainWindow } from './window.ts'
import { denyPermissions, isOwnPage } from './window-policies.ts'

/**
 * The desktop host: one window, one node process, and the wires between them. Built into dist/electron beside
 * preload.cjs and node-process.js; the renderer lies in dist/renderer.
 */
const here = import.meta.dirname

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])
app.enableSandbox()

/** The vault takes 1,024 bytes at most. */
const MAX_PASSPHRASE_LENGTH = 1_024

let window: BrowserWindow | null = null
let isQuitting = false

const supervisor = new NodeSupervisor({
  fork: () => utilityProcess.fork(join(here, 'node-process.js'), [], { serviceName: 'Palabre node' }),
  onStarted: () => connectPage(),
  onLocked: () => sayLocked(),
  onFailed: (_code, message) => {
    const texts = mainTexts(app.getLocale())
    dialog
      .showMessageBox({ type: 'error', message: texts.failedTitle, detail: message, buttons: [texts.quit] })
      .finally(() => app.quit())
      .catch(() => undefined)
  },
})

/** Gives the page a fresh port to the node; the page drops its old one. */
function connectPage(): void {
  if (window === null || window.isDestroyed() || !isOwnPage(window.webContents.getURL())) return
  const { port1, port2 } = new MessageChannelMain()
  supervisor.connect(port1)
  window.webContents.postMessage(CHANNEL.port, null, [port2])
}

/** Tells the page that a passphrase is asked for, while it is. */
function sayLocked(): void {
  const attempt = supervisor.lockedAttempt
  if (attempt === null || window === null || window.isDestroyed()) return
  if (isOwnPage(window.webContents.getURL())) window.webContents.postMessage(CHANNEL.locked, attempt)
}

/** Only the window's own page is listened to. */
function isFromPage({ sender, senderFrame }: IpcMainEvent): boolean {
  return window !== null && sender === window.webContents && senderFrame !== null && isOwnPage(senderFrame.url)
}

function openOutside(url: string): void {
  const link = checkExternalLink(url)
  if (link === null || window === null) return
  const texts = mainTexts(app.getLocale())
  dialog
    .showMessageBox(window, {
      type: 'question',
      message: texts.openTitle(link.shown),
      detail: `${link.url}\n\n${texts.openDetail}`,
      buttons: [texts.open, texts.cancel],
      defaultId: 1,
      cancelId: 1,
    })
    .then(({ response }) => (response === 0 ? shell.openExternal(link.url) : undefined))
    .catch(() => undefined)
}

function openWindow(): void {
  window = createMainWindow({ preload: join(here, 'preload.cjs'), openOutside })
  window.on('closed', () => {
    window = null
  })
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    if (window === null) return openWindow()
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  ipcMain.on(CHANNEL.requestPort, (event) => {
    if (!isFromPage(event)) return
    // A port says that a node answers or will by itself; a locked one waits for a person.
    if (supervisor.lockedAttempt === null) connectPage()
    else sayLocked()
  })
  ipcMain.on(CHANNEL.unlock, (event, passphrase: unknown) => {
    if (isFromPage(event) && typeof passphrase === 'string' && passphrase.length <= MAX_PASSPHRASE_LENGTH) {
      supervisor.unlock(passphrase)
    }
  })
  app.on('window-all-closed', () => app.quit())
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow()
  })
  app.on('before-quit', (event) => {
    if (isQuitting) return
    event.preventDefault()
    isQuitting = true
    supervisor
      .stop()
      .finally(() => app.quit())
      .catch(() => undefined)
  })
  app
    .whenReady()
    .then(() => {
      denyPermissions(session.defaultSession)
      protocol.handle(APP_SCHEME, createAppSchemeHandler(supervisor, { rendererDir: join(here, '..', 'renderer') }))
      supervisor.start()
      openWindow()
    })
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      app.exit(1)
    })
} else {
  app.quit()
}

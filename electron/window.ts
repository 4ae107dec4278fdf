import { BrowserWindow } from 'electron'
import { APP_URL } from './app-origin.ts'
import { confineNavigation, type OpenOutside } from './window-policies.ts'

export interface MainWindowInit {
  /** Absolute path of the built preload script. */
  readonly preload: string
  readonly openOutside: OpenOutside
}

/** Opens the one window: sandboxed, without Node.js, shown when its first picture is painted. */
export function createMainWindow(init: MainWindowInit): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    minWidth: 360,
    minHeight: 480,
    show: false,
    autoHideMenuBar: true,
    title: 'Palabre',
    webPreferences: {
      preload: init.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: true,
    },
  })
  window.once('ready-to-show', () => window.show())
  confineNavigation(window.webContents, init.openOutside)
  window.loadURL(APP_URL).catch(() => undefined)
  return window
}

import { contextBridge, ipcRenderer } from 'electron'
import { CHANNEL } from './app-origin.ts'

/** The little of the page that the preload touches. */
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: unknown, targetOrigin: string, transfer?: unknown[]): void
}

/**
 * The only bridge into the page: it can ask for a port, and it gets one whenever a node runs; it hears that the vault is
 * sealed, and can say the passphrase. Everything else goes through the API on that port.
 */
ipcRenderer.on(CHANNEL.port, (event) => {
  window.postMessage({ type: CHANNEL.port }, window.location.origin, [...event.ports])
})

ipcRenderer.on(CHANNEL.locked, (_event, attempt: unknown) => {
  window.postMessage({ type: CHANNEL.locked, attempt: Number(attempt) }, window.location.origin)
})

contextBridge.exposeInMainWorld('palabreDesktop', {
  requestPort: (): void => ipcRenderer.send(CHANNEL.requestPort),
  unlock: (passphrase: unknown): void => ipcRenderer.send(CHANNEL.unlock, String(passphrase)),
})

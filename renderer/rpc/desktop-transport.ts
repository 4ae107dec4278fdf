import { RPCLink } from '@orpc/client/message-port'
import { SwitchingTransport } from './transport.ts'

declare global {
  interface Window {
    /** Exposed by the preload script of the desktop app. */
    palabreDesktop?: { requestPort(): void }
  }
}

/** Message port to the node of the desktop app. A fresh one comes whenever the node starts again. */
export class DesktopTransport extends SwitchingTransport {
  #port: MessagePort | undefined
  readonly #events = new AbortController()

  constructor() {
    super()
    window.addEventListener('message', (event) => this.#onMessage(event), { signal: this.#events.signal })
    this.retry()
  }

  retry(): void {
    window.palabreDesktop?.requestPort()
  }

  close(): void {
    this.#events.abort()
    this.#port?.close()
    this.lose('lost')
  }

  #onMessage(event: MessageEvent): void {
    if (event.source !== window || event.origin !== location.origin) return
    const data: unknown = event.data
    if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'palabre:port') return
    const port = event.ports[0]
    if (port === undefined) return
    this.#port?.close()
    this.#port = port
    port.addEventListener('close', () => {
      if (this.#port === port) this.lose('lost')
    })
    const link = new RPCLink({ port })
    port.start()
    this.open(link)
  }
}

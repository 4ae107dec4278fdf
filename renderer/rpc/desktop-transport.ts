import type { ClientContext } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { SwitchingTransport } from './transport.ts'

declare global {
  interface Window {
    /** Exposed by the preload script of the desktop app. */
    palabreDesktop?: { requestPort(): void; unlock?(passphrase: string): void }
  }
}

/** How often the node is asked for a sign of life, and how long it may take to answer. */
const BEAT_MS = 5_000
const BEAT_TIMEOUT_MS = 10_000

/**
 * Message port to the node of the desktop app. A fresh one comes whenever the node starts again.
 *
 * Electron fires `close` on the port when the process at its other end is gone. A process that hangs fires nothing, so
 * the node is also asked for a sign of life.
 */
export class DesktopTransport extends SwitchingTransport {
  #port: MessagePort | undefined
  #link: RPCLink<ClientContext> | undefined
  readonly #events = new AbortController()
  readonly #beat: ReturnType<typeof setInterval>

  constructor() {
    super()
    window.addEventListener('message', (event) => this.#onMessage(event), { signal: this.#events.signal })
    this.#beat = setInterval(() => void this.#check(), BEAT_MS)
    this.retry()
  }

  retry(): void {
    window.palabreDesktop?.requestPort()
  }

  close(): void {
    this.#events.abort()
    clearInterval(this.#beat)
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
    this.#link = new RPCLink({ port })
    port.start()
    this.open(this.#link)
  }

  /** Any answer is a sign of life, also a refusal. */
  async #check(): Promise<void> {
    const link = this.#link
    if (link === undefined || this.connection !== 'open') return this.retry()
    const deadline = AbortSignal.timeout(BEAT_TIMEOUT_MS)
    await link.call(['settings', 'get'], undefined, { context: {}, signal: deadline }).catch(() => undefined)
    if (!deadline.aborted || link !== this.#link) return
    this.lose('lost')
    this.retry()
  }
}

import { RPCLink } from '@orpc/client/websocket'
import ReconnectingWebSocket from 'partysocket/ws'
import { SwitchingTransport } from './transport.ts'

const BACK_OFF = {
  minReconnectionDelay: 250,
  maxReconnectionDelay: 5_000,
  reconnectionDelayGrowFactor: 1.6,
  connectionTimeout: 8_000,
  minUptime: 2_000,
  // Calls wait in the transport; nothing is said twice after a break.
  maxEnqueuedMessages: 0,
}

/** WebSocket to the web UI that served this page, with back-off. */
export class WebTransport extends SwitchingTransport {
  readonly #socket: ReconnectingWebSocket
  readonly #sessionUrl: URL
  readonly #events = new AbortController()

  constructor(page: URL) {
    super()
    const url = new URL('/rpc', page)
    url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
    this.#sessionUrl = new URL('/session', page)
    this.#socket = new ReconnectingWebSocket(url.href, [], BACK_OFF)
    this.#socket.binaryType = 'arraybuffer'
    // One link for the life of the socket: it begins anew by itself after each break.
    const link = new RPCLink({ websocket: this.#socket as unknown as WebSocket })
    this.#socket.addEventListener('open', () => this.open(link))
    this.#socket.addEventListener('close', () => void this.#onClose())
    const { signal } = this.#events
    window.addEventListener('online', () => this.#socket.reconnect(), { signal })
    document.addEventListener('visibilitychange', () => this.#onVisible(), { signal })
  }

  retry(): void {
    this.#socket.reconnect()
  }

  close(): void {
    this.#events.abort()
    this.#socket.close()
    this.lose('lost')
  }

  /** A refused upgrade doesn't say why; the session does. */
  async #onClose(): Promise<void> {
    this.lose('lost')
    const isExpired = await fetch(this.#sessionUrl, { cache: 'no-store', signal: AbortSignal.timeout(4_000) }).then(
      (answer) => answer.status === 401,
      () => false,
    )
    if (!isExpired || this.connection === 'open' || this.#events.signal.aborted) return
    this.#socket.close()
    this.lose('expired')
  }

  #onVisible(): void {
    if (document.visibilityState === 'visible' && this.connection !== 'open') this.#socket.reconnect()
  }
}

import { chmod } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from '../../util/logger.ts'
import { type ServedRouter, WebSocketCarrier } from './websocket.ts'

const MAX_CONNECTIONS = 64
const MAX_HEADER_BYTES = 8 * 1024
const HEADERS_TIMEOUT_MS = 10_000

/** What a host answers besides the API, by path: a JSON value, or undefined for "not here". */
export type LocalRoutes = Readonly<Record<string, () => unknown>>

/**
 * The API for programs of the same user on the same machine: HTTP on a Unix socket (mode 0600, in a 0700 folder) or a
 * named pipe, with a WebSocket at `/rpc`. It listens before there is anything to serve, so that a second process sees
 * at once that this one lives; calls wait until `serve` hands in the router.
 */
export class LocalSocketServer {
  readonly #logger: Logger
  readonly #path: string
  readonly #routes: LocalRoutes
  readonly #server: Server
  readonly #waiting: (() => void)[] = []
  #carrier: WebSocketCarrier | undefined

  constructor(components: { readonly logger: Logger }, init: { readonly path: string; readonly routes?: LocalRoutes }) {
    this.#logger = components.logger
    this.#path = init.path
    this.#routes = init.routes ?? {}
    this.#server = createServer(
      { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: HEADERS_TIMEOUT_MS },
      (request, response) => this.#answer(request, response),
    )
    this.#server.maxConnections = MAX_CONNECTIONS
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** @throws Error when the address can't be listened on */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#path, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
    this.#server.on('error', (error) => this.#logger.error({ err: error }, 'the local socket failed'))
    if (process.platform !== 'win32') await chmod(this.#path, 0o600)
  }

  /** From here on calls are answered, those that waited first. */
  serve(router: ServedRouter): void {
    this.#carrier = new WebSocketCarrier(
      { router, logger: this.#logger },
      { carrier: 'local', maxConnections: MAX_CONNECTIONS },
    )
    for (const start of this.#waiting.splice(0)) start()
  }

  /** Takes no more calls and removes the socket. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    await this.#carrier?.stop()
    this.#server.closeAllConnections()
    await closed
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    // A web page can't reach this socket; a proxy that lets one through would send its Origin along.
    if (request.url !== '/rpc' || request.headers.origin !== undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const start = () => {
      if (!socket.destroyed) this.#carrier?.upgrade(request, socket, head)
    }
    if (this.#carrier) start()
    else if (this.#waiting.length < MAX_CONNECTIONS) this.#waiting.push(start)
    else socket.destroy()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const route =
      request.method === 'POST' &&
      request.headers.origin === undefined &&
      Object.hasOwn(this.#routes, request.url ?? '')
        ? this.#routes[request.url ?? '']
        : undefined
    const value = route?.()
    request.resume()
    response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json', connection: 'close' })
    response.end(value === undefined ? '{}\n' : `${JSON.stringify(value)}\n`)
  }
}

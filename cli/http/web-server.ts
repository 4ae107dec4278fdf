import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ServedRouter, WebSocketCarrier } from '../../core/node/carriers/websocket.ts'
import type { Clock } from '../../core/util/clock.ts'
import { PalabreError } from '../../core/util/errors.ts'
import type { Logger } from '../../core/util/logger.ts'
import { type GuardDecision, guardRequest, guardUpgrade, originOf, pathOf } from './guard.ts'
import { badLinkPage, continuePage, noSessionPage, notBuiltPage } from './plain-pages.ts'
import { MEDIA_HEADERS, securityHeaders } from './security-headers.ts'
import { formatSessionCookie, SessionStore } from './sessions.ts'
import { type StaticFile, StaticFiles } from './static-files.ts'

const HOST = '127.0.0.1'
const MAX_SOCKETS = 128
const MAX_WEBSOCKETS = 32
const MAX_HEADER_BYTES = 16 * 1024
const MAX_HEADERS = 64
/** A browser on this machine says what it wants at once. */
const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 5_000
const CHECK_INTERVAL_MS = 1_000
const MEDIA_TIMEOUT_MS = 30_000
const MEDIA_PATH = /^\/media\/([a-zA-Z0-9]{8,128})$/
/** What a browser may show; anything else is handed out as bytes to save. */
const SHOWN_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'])

/** The port asked for is taken. */
export class PortBusyError extends PalabreError {
  constructor(port: number, cause: unknown) {
    super('port-busy', `port ${port} on ${HOST} is in use; choose another with --port, or --port 0 for any`, { cause })
  }
}

export interface WebServerComponents {
  readonly router: ServedRouter
  /** A picture by CID, null where it isn't to be had. */
  readonly readMedia: (cid: string, signal?: AbortSignal) => Promise<{ type: string; bytes: Uint8Array } | null>
  readonly logger: Logger
  readonly clock: Clock
}

export interface WebServerInit {
  /** 0 for any free one. */
  readonly port: number
  /** Sessions are kept there. */
  readonly dataDir: string
  /** Folder of the built window. */
  readonly rendererDir: string
}

/** The window over HTTP on loopback: its files, its pictures and the API, behind the guard. */
export class WebServer {
  readonly sessions: SessionStore
  readonly #components: WebServerComponents
  readonly #init: WebServerInit
  readonly #files: StaticFiles
  readonly #carrier: WebSocketCarrier
  readonly #server: Server
  #port = 0

  constructor(components: WebServerComponents, init: WebServerInit) {
    const { router, logger, clock } = components
    this.#components = components
    this.#init = init
    this.sessions = new SessionStore({ clock }, { path: join(init.dataDir, 'web-sessions.json') })
    this.#files = new StaticFiles(init.rendererDir)
    this.#carrier = new WebSocketCarrier({ router, logger }, { carrier: 'web', maxConnections: MAX_WEBSOCKETS })
    this.#server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: CHECK_INTERVAL_MS,
        joinDuplicateHeaders: false,
        insecureHTTPParser: false,
      },
      (request, response) => {
        this.#answer(request, response).catch((error: unknown) => {
          logger.warn({ err: error, path: pathOf(request.url) }, 'a request of the web UI failed')
          if (response.headersSent) response.destroy()
          else this.#send(response, 500, {}, 'something went wrong')
        })
      },
    )
    this.#server.maxConnections = MAX_SOCKETS
    this.#server.maxHeadersCount = MAX_HEADERS
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    // CONNECT and Expect reach nothing here.
    this.#server.on('connect', (_request, socket: Duplex) => socket.destroy())
    this.#server.on('checkExpectation', (_request, response: ServerResponse) => this.#send(response, 417, {}, ''))
  }

  get port(): number {
    return this.#port
  }

  /** @throws PortBusyError */
  async start(): Promise<void> {
    await this.sessions.load()
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortBusyError(this.#init.port, error) : error,
        )
      })
      this.#server.listen({ host: HOST, port: this.#init.port, exclusive: true }, resolve)
    })
    this.#port = (this.#server.address() as AddressInfo).port
    this.#server.on('error', (error) => this.#components.logger.error({ err: error }, 'the web UI failed'))
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    await this.#carrier.stop()
    this.#server.closeAllConnections()
    await closed
  }

  /** A link that opens the window once, in the next half hour. */
  issueLink(): string {
    return `${originOf(this.#port)}/open?token=${this.sessions.issueToken()}`
  }

  /** Cuts every window off, as a crash would; they may come back. */
  async disconnectAll(): Promise<void> {
    await this.#carrier.disconnectAll(true)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const decision = guardUpgrade(toGuarded(request), { port: this.#port })
    const hasSession = this.sessions.hasSession(request.headers.cookie, this.#port)
    if (decision.isAllowed && hasSession) {
      this.#carrier.upgrade(request, socket, head)
      return
    }
    const status = decision.isAllowed ? 401 : decision.status
    this.#log(request, status, decision)
    const headers = Object.entries(securityHeaders(this.#port)).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n${headers.join('')}\r\n`)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const decision = guardRequest(toGuarded(request), { port: this.#port })
    if (!decision.isAllowed) {
      this.#log(request, decision.status, decision)
      const allow = decision.status === 405 ? { allow: 'GET, HEAD' } : {}
      // The connection ends, so that nothing of a body that was refused is read as the next request.
      this.#send(response, decision.status, { connection: 'close', ...allow }, `refused: ${decision.reason}\n`)
      return
    }
    const path = pathOf(request.url)
    if (path === '/open') return this.#open(request, response)
    if (!this.sessions.hasSession(request.headers.cookie, this.#port)) {
      this.#send(response, 401, { 'content-type': 'text/html; charset=utf-8' }, noSessionPage)
      return
    }
    if (path === '/session') return this.#send(response, 204, {})
    const media = MEDIA_PATH.exec(path)
    if (media) return this.#media(request, response, media[1] as string)
    const file = path === '/' ? await this.#files.findPage() : await this.#files.find(path)
    if (file) return this.#file(request, response, file)
    if (path === '/') this.#send(response, 200, { 'content-type': 'text/html; charset=utf-8' }, notBuiltPage)
    else this.#send(response, 404, {}, 'not here\n')
  }

  async #open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const html = { 'content-type': 'text/html; charset=utf-8' }
    // Looking doesn't spend it.
    if (request.method === 'HEAD') return this.#send(response, 204, {})
    const token = new URLSearchParams((request.url ?? '').slice('/open'.length)).get('token') ?? ''
    const secret = await this.sessions.redeem(token, this.#port)
    if (secret === undefined) return this.#send(response, 403, html, badLinkPage)
    const cookie = { 'set-cookie': formatSessionCookie(secret, this.#port) }
    const site = request.headers['sec-fetch-site']
    if (site === 'cross-site' || site === 'same-site') this.#send(response, 200, { ...html, ...cookie }, continuePage)
    else this.#send(response, 303, { ...cookie, location: '/' })
  }

  async #media(request: IncomingMessage, response: ServerResponse, cid: string): Promise<void> {
    const etag = `"${cid}"`
    if (request.headers['if-none-match'] === etag) return this.#send(response, 304, { ...MEDIA_HEADERS, etag })
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(MEDIA_TIMEOUT_MS)])
    const media = await this.#components.readMedia(cid, signal).catch(() => null)
    if (media === null) return this.#send(response, 404, {}, 'not here\n')
    const isShown = SHOWN_TYPES.has(media.type)
    this.#send(
      response,
      200,
      {
        ...MEDIA_HEADERS,
        etag,
        'content-type': isShown ? media.type : 'application/octet-stream',
        'content-disposition': isShown ? 'inline' : 'attachment',
      },
      media.bytes,
    )
  }

  async #file(request: IncomingMessage, response: ServerResponse, file: StaticFile): Promise<void> {
    const cache = file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache'
    response.writeHead(200, {
      ...securityHeaders(this.#port),
      'cache-control': cache,
      'content-type': file.type,
      'content-length': file.size,
    })
    if (request.method === 'HEAD') response.end()
    // A reader who goes away is no failure.
    else await pipeline(file.open(), response).catch(() => response.destroy())
  }

  #send(response: ServerResponse, status: number, headers: Record<string, string>, body?: string | Uint8Array): void {
    const bytes = body === undefined ? undefined : Buffer.from(body)
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      ...securityHeaders(this.#port),
      ...headers,
      ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
    })
    if (bytes === undefined || response.req.method === 'HEAD') response.end()
    else response.end(bytes)
  }

  /** Never with the query: it may hold a token. */
  #log(request: IncomingMessage, status: number, decision: GuardDecision): void {
    const reason = decision.isAllowed ? 'no-session' : decision.reason
    this.#components.logger.debug({ path: pathOf(request.url).slice(0, 128), status, reason }, 'refused a web request')
  }
}

function toGuarded({ method, url, headers, rawHeaders }: IncomingMessage) {
  return { method, target: url, headers, rawHeaders }
}

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/websocket'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Contract } from '../../contract/contract.ts'
import type { Logger } from '../../util/logger.ts'
import type { ApiContext } from '../api/context.ts'

/** The contract, implemented by a node or by a stand-in. */
export type ServedRouter = Router<Contract, ApiContext>

/** A picture of 16 MiB and what is said around it. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024
/** What may wait in this process for a reader that doesn't read; past it the connection is cut. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024
const MAX_CALLS_PER_CONNECTION = 256
const DEFAULT_MAX_CONNECTIONS = 32
const CLOSE_TIMEOUT_MS = 1_000

/** Close codes (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001
const BAD_MESSAGE = 1007
const POLICY = 1008
const TRY_LATER = 1013

/**
 * Serves a router to WebSockets that come as HTTP upgrades. Whoever calls `upgrade` has decided that the other side may
 * talk: this class knows no session. Every queue is bounded: a connection too many is refused, a call too many and a
 * reader that doesn't read are cut off.
 */
export class WebSocketCarrier {
  readonly #handler: RPCHandler<ApiContext>
  readonly #logger: Logger
  readonly #context: ApiContext
  readonly #maxConnections: number
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  })
  #isStopped = false

  constructor(
    components: { readonly router: ServedRouter; readonly logger: Logger },
    init: { readonly carrier: ApiContext['carrier']; readonly maxConnections?: number },
  ) {
    this.#handler = new RPCHandler(components.router)
    this.#logger = components.logger
    this.#context = { carrier: init.carrier }
    this.#maxConnections = init.maxConnections ?? DEFAULT_MAX_CONNECTIONS
  }

  get connections(): number {
    return this.#server.clients.size
  }

  /** Takes over the socket of an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#serve(ws))
  }

  /** Says goodbye on every connection (or cuts it with `isAbrupt`) and takes no new ones. */
  async stop(isAbrupt = false): Promise<void> {
    this.#isStopped = true
    await this.disconnectAll(isAbrupt)
  }

  /** Ends the connections that are there now; the other sides may come back. */
  async disconnectAll(isAbrupt = false): Promise<void> {
    await Promise.all(
      [...this.#server.clients].map(async (ws) => {
        const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()))
        if (isAbrupt) ws.terminate()
        else ws.close(GOING_AWAY, 'the node is stopping')
        const timer = setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS)
        await closed
        clearTimeout(timer)
      }),
    )
  }

  #serve(ws: WebSocket): void {
    // Without a listener an error would end the process; the close that follows says enough.
    ws.on('error', (error) => this.#logger.debug({ err: error }, 'a connection of the API failed'))
    if (this.#isStopped) {
      ws.close(GOING_AWAY, 'the node is stopping')
      return
    }
    if (this.#server.clients.size > this.#maxConnections) {
      ws.close(TRY_LATER, 'too many connections')
      return
    }
    let calls = 0
    const peer = {
      addEventListener() {},
      send: (data: Parameters<WebSocket['send']>[0]) => {
        if (ws.bufferedAmount > MAX_BUFFERED_BYTES) return ws.terminate()
        // Resolves when the bytes have left, so that a stream goes as fast as its reader reads.
        return new Promise<void>((resolve) => ws.send(data, () => resolve()))
      },
    }
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      if (calls >= MAX_CALLS_PER_CONNECTION) return ws.close(POLICY, 'too many calls at once')
      calls++
      const message = isBinary ? Uint8Array.from(data).buffer : data.toString('utf8')
      this.#handler
        .message(peer as Parameters<RPCHandler<ApiContext>['message']>[0], message, { context: this.#context })
        .catch((error: unknown) => {
          this.#logger.debug({ err: error }, 'a message to the API was not understood')
          ws.close(BAD_MESSAGE, 'not understood')
        })
        .finally(() => {
          calls--
        })
    })
    ws.once('close', () => this.#handler.close(peer as Parameters<RPCHandler<ApiContext>['close']>[0]))
  }
}

import type { SupportedMessagePort } from '@orpc/client/message-port'
import { RPCHandler } from '@orpc/server/message-port'
import type { ApiContext } from '../api/context.ts'
import type { ServedRouter } from './websocket.ts'

/** What the desktop host hands over: a port of Electron's utility process, of a worker or of a page. */
export type ApiPort = SupportedMessagePort

/**
 * Serves a router on message ports, one for each window. A port is an unforgeable right to talk: whoever made it and
 * handed its other end over has decided who may. A call ends with its port.
 */
export class MessagePortCarrier {
  readonly #handler: RPCHandler<ApiContext>

  constructor(components: { readonly router: ServedRouter }) {
    this.#handler = new RPCHandler(components.router)
  }

  /** Serves until the port closes. Ports that have to be started are. */
  serve(port: ApiPort): void {
    this.#handler.upgrade(port, { context: { carrier: 'desktop' } })
    if ('start' in port && typeof port.start === 'function') port.start()
  }
}

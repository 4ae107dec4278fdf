import { createORPCClient, ORPCError } from '@orpc/client'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { NodeClient } from '../../core/contract/client.ts'
import { DesktopTransport } from './desktop-transport.ts'
import { ConnectionLostError, type Transport } from './transport.ts'
import { WebTransport } from './web-transport.ts'

export type { NodeClient } from '../../core/contract/client.ts'
export type NodeQueries = ReturnType<typeof createNodeQueries>

/** In the desktop app over its port, in a browser over the loopback WebSocket. */
export function createTransport(): Transport {
  return window.palabreDesktop === undefined ? new WebTransport(new URL(location.href)) : new DesktopTransport()
}

export function createClient(transport: Transport): NodeClient {
  return createORPCClient(transport)
}

export function createNodeQueries(client: NodeClient) {
  return createTanstackQueryUtils(client)
}

/** The stable code of a failed call: 'no-account', 'unreachable' …; 'connection-lost' where no answer came. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof ORPCError) return String(error.code).toLowerCase().replaceAll('_', '-')
  if (error instanceof ConnectionLostError) return error.code
  return 'internal'
}

/** The facts that a failed call came with; none where it has none. */
export function errorDataOf(error: unknown): Readonly<Record<string, unknown>> {
  const data: unknown = error instanceof ORPCError ? error.data : null
  return typeof data === 'object' && data !== null ? { ...data } : {}
}

import { request } from 'node:http'
import { connect } from 'node:net'
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import type { NodeClient } from '../contract/client.ts'
import { PalabreError } from '../util/errors.ts'
import { readLock, socketPathOf } from './data-dir.ts'

const CONNECT_TIMEOUT_MS = 10_000
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024
const MAX_ANSWER_BYTES = 64 * 1024

/** No process serves that data directory. */
export class NoNodeError extends PalabreError {
  constructor(dataDir: string) {
    super('no-node', `no node is running on ${dataDir}: start one with \`palabre start\``)
  }
}

export interface LocalConnection {
  readonly client: NodeClient
  /** False from the moment on that the other side is gone. */
  readonly isOpen: boolean
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

/** Connects to the node of a data directory. @throws NoNodeError where none is running */
export async function connectLocal(dataDir: string): Promise<LocalConnection> {
  const path = await findSocket(dataDir)
  const websocket = new WebSocket('ws://localhost/rpc', {
    createConnection: () => connect(path),
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  })
  websocket.binaryType = 'arraybuffer'
  const closed = new Promise<void>((resolve) => websocket.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    websocket.once('open', resolve)
    websocket.once('error', (error) => reject(isNobodyThere(error) ? new NoNodeError(dataDir) : error))
  })
  websocket.on('error', () => {})
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket })
  return {
    client: createORPCClient<NodeClient>(link),
    closed,
    get isOpen() {
      return websocket.readyState === WebSocket.OPEN
    },
    close: async () => {
      websocket.close()
      await closed
    },
  }
}

/** What a host answers besides the API, undefined when it has no such thing. @throws NoNodeError where none is running */
export async function askHost(dataDir: string, path: string): Promise<unknown> {
  const socketPath = await findSocket(dataDir)
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: 'POST', timeout: CONNECT_TIMEOUT_MS }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
        if (text.length > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'))
      })
      response.on('error', reject)
      response.on('end', () => resolve(response.statusCode === 200 ? JSON.parse(text) : undefined))
    })
    asking.on('timeout', () => asking.destroy(new Error('the node does not answer')))
    asking.on('error', (error) => reject(isNobodyThere(error) ? new NoNodeError(dataDir) : error))
    asking.end()
  })
}

/** Stable code and sentence of whatever a call threw. */
export function describeCallError(error: unknown): { code: string; message: string } {
  if (error instanceof PalabreError) return { code: error.code, message: error.message }
  if (error instanceof ORPCError) {
    const code = String(error.code).toLowerCase().replaceAll('_', '-')
    return { code: code === 'internal-server-error' ? 'internal' : code, message: error.message }
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}

async function findSocket(dataDir: string): Promise<string> {
  return (await readLock(dataDir).catch(() => undefined))?.socket ?? socketPathOf(dataDir)
}

function isNobodyThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK' || code === 'EACCES'
}

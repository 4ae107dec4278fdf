import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Lower-case names; repeated ones keep the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface RawRequest {
  readonly method?: string
  readonly target?: string
  /** In order, as they go out; nothing is added. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

const TIMEOUT_MS = 20_000

/** Sends exactly these bytes to 127.0.0.1 and reads until the other side closes; status 0 when it closed in silence. */
export async function sendRaw(port: number, bytes: string): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1')
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer')))
    socket.on('data', (part: string) => {
      received += part
      // A WebSocket stays open; its answer is complete with its head.
      if (received.startsWith('HTTP/1.1 101') && received.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('close', () => resolve(received))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(received)
      else reject(error)
    })
  })
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf(':')
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
  })
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers: Object.fromEntries(pairs),
    body: rest.join('\r\n\r\n'),
  }
}

/** The same with the request's parts; asks to close afterwards unless it wants an upgrade. */
export function sendRequest(port: number, request: RawRequest): Promise<RawAnswer> {
  const hasConnection = request.headers.some(([name]) => name.toLowerCase() === 'connection')
  const lines = [
    `${request.method ?? 'GET'} ${request.target ?? '/'} HTTP/1.1`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ...(hasConnection ? [] : ['Connection: close']),
  ]
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n${request.body ?? ''}`)
}

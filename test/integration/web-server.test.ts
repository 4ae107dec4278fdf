import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { PortBusyError, WebServer } from '../../cli/http/web-server.ts'
import type { NodeClient } from '../../core/contract/client.ts'
import type { ServedRouter } from '../../core/node/carriers/websocket.ts'
import { ManualClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { sendRequest } from '../harness/raw-http.ts'
import { type ServedFake, serveFakeNode } from '../harness/serve-fake.ts'
import { PATIENCE_MS } from '../harness/wait.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let clock: ManualClock
let rendererDir: string
let served: ServedFake

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 10, 22))
  rendererDir = await mkdtemp(join(tmpdir(), 'palabre-renderer-'))
  served = await serveFakeNode({ clock, rendererDir })
})
afterEach(async () => {
  await served.stop()
  await rm(rendererDir, { recursive: true, force: true })
})

const get = (target: string, headers: (readonly [string, string])[] = [], method = 'GET') =>
  sendRequest(served.port, { target, method, headers: [['Host', `127.0.0.1:${served.port}`], ...headers] })
const targetOf = (link: string) => link.slice(link.indexOf('/open'))

async function openSession(): Promise<readonly ['Cookie', string]> {
  const answer = await get(targetOf(served.link()))
  return ['Cookie', (answer.headers['set-cookie'] as string).split(';')[0] as string]
}

async function openSocket(cookie: readonly ['Cookie', string]): Promise<WebSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${served.port}/rpc`, {
    headers: { Cookie: cookie[1], Origin: `http://127.0.0.1:${served.port}` },
    perMessageDeflate: false,
  })
  ws.binaryType = 'arraybuffer'
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
  return ws
}

const closeCode = (ws: WebSocket) => new Promise<number>((resolve) => ws.once('close', resolve))
const clientOf = (ws: WebSocket): NodeClient =>
  createORPCClient(new RPCLink({ websocket: ws as unknown as globalThis.WebSocket }))

describe('the one-time link', () => {
  it('opens a session once, with a strict cookie that carries the port', async () => {
    const target = targetOf(served.link())
    const first = await get(target, [['Sec-Fetch-Site', 'none']])
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } })
    expect(first.headers['set-cookie']).toMatch(
      new RegExp(`^palabre_${served.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000$`),
    )
    expect((await get(target)).status).toBe(403)
  })

  it('is not spent by a look at its head', async () => {
    const target = targetOf(served.link())
    expect((await get(target, [], 'HEAD')).headers['set-cookie']).toBeUndefined()
    expect((await get(target)).status).toBe(303)
  })

  it('works for half an hour', async () => {
    const [early, late] = [targetOf(served.link()), targetOf(served.link())]
    clock.advance(30 * MINUTE_MS - 1)
    expect((await get(early)).status).toBe(303)
    clock.advance(1)
    expect((await get(late)).status).toBe(403)
  })

  it('is pushed out by sixteen newer ones', async () => {
    const first = targetOf(served.link())
    for (let i = 0; i < 16; i++) served.link()
    expect((await get(first)).status).toBe(403)
  })

  it('leads on by a page of its own when another site linked to it, so that the strict cookie goes along', async () => {
    const answer = await get(targetOf(served.link()), [
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Mode', 'navigate'],
      ['Sec-Fetch-Dest', 'document'],
    ])
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toContain('SameSite=Strict')
    expect(answer.body).toContain('url=/')
  })
})

describe('a session', () => {
  it('outlives a restart on the same port, and is void on another', async () => {
    const cookie = await openSession()
    const restart = (port: number) =>
      new WebServer(
        { router: served.node.router as ServedRouter, readMedia: served.node.readMedia, logger: silentLogger, clock },
        { port, dataDir: served.dataDir, rendererDir },
      )
    await served.web.stop()
    const again = restart(served.port)
    await again.start()
    expect((await get('/session', [cookie])).status).toBe(204)
    const elsewhere = restart(0)
    await elsewhere.start()
    const value = cookie[1].split('=')[1]
    const answer = await sendRequest(elsewhere.port, {
      target: '/session',
      headers: [
        ['Host', `127.0.0.1:${elsewhere.port}`],
        ['Cookie', `palabre_${elsewhere.port}=${value}`],
      ],
    })
    expect(answer.status).toBe(401)
    await Promise.all([again.stop(), elsewhere.stop()])
    await served.web.start()
  })

  it('is kept as a hash, in a file that only its owner can read', async () => {
    const cookie = await openSession()
    const path = join(served.dataDir, 'web-sessions.json')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).not.toContain(cookie[1].split('=')[1])
  })

  it('ends after thirty days', async () => {
    const cookie = await openSession()
    clock.advance(30 * DAY_MS - 1)
    expect((await get('/session', [cookie])).status).toBe(204)
    clock.advance(1)
    expect((await get('/session', [cookie])).status).toBe(401)
  })

  it('is one of at most 32: the oldest makes room', async () => {
    const first = await openSession()
    for (let i = 0; i < 32; i++) await openSession()
    expect((await get('/session', [first])).status).toBe(401)
    expect(JSON.parse(await readFile(join(served.dataDir, 'web-sessions.json'), 'utf8')).sessions).toHaveLength(32)
  })

  it('is none when its file is damaged, and the server starts all the same', async () => {
    const cookie = await openSession()
    await served.web.stop()
    await writeFile(join(served.dataDir, 'web-sessions.json'), '{"sessions":[{"hash":"zz"},7')
    await served.web.start()
    const answer = await sendRequest(served.web.port, {
      target: '/session',
      headers: [['Host', `127.0.0.1:${served.web.port}`], cookie],
    })
    expect(answer.status).toBe(401)
  })
})

describe('every answer', () => {
  it('carries the headers that keep other pages out', async () => {
    const cookie = await openSession()
    const answers = await Promise.all([
      get('/', [cookie]),
      get('/'),
      get('/nothing', [cookie]),
      get('/session', [cookie]),
      get('/open?token=x'),
      get('/', [cookie], 'POST'),
      sendRequest(served.port, { headers: [['Host', 'evil.example']] }),
      sendRequest(served.port, {
        target: '/rpc',
        headers: [
          ['Host', 'evil.example'],
          ['Connection', 'Upgrade'],
          ['Upgrade', 'websocket'],
        ],
      }),
    ])
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe')
    }
  })

  it('says how to build the window while there is none, and shows it once there is', async () => {
    const cookie = await openSession()
    expect((await get('/', [cookie])).body).toContain('npm run build')
    await writeFile(join(rendererDir, 'index.html'), '<!doctype html>built')
    const built = await get('/', [cookie])
    expect(built.body).toContain('built')
    expect(built.headers['cache-control']).toBe('no-cache')
  })

  it('shows pictures as what they are, in a sandbox, for good, and hands out the rest as bytes (MED9)', async () => {
    const cookie = await openSession()
    const { files } = served.node.controls.square()
    const [cid, file] = [...files][0] as [string, { bytes: Uint8Array }]
    const answer = await get(`/media/${cid}`, [cookie])
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-length': String(file.bytes.length),
    })
    expect(answer.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/)
    expect((await get(`/media/${cid}`, [cookie, ['If-None-Match', `"${cid}"`]])).status).toBe(304)
    files.set('bafkreihtmlhtml', { type: 'text/html', bytes: new Uint8Array([60]) })
    expect((await get('/media/bafkreihtmlhtml', [cookie])).headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
    })
  })
})

describe('the WebSocket', () => {
  it('carries calls, streams and uploads, as the web carrier', async () => {
    const ws = await openSocket(await openSession())
    const client = clientOf(ws)
    expect((await client.account.words()).words).toHaveLength(24)
    const bytes = new Blob([new Uint8Array(5_000_000)], { type: 'image/webp' })
    expect((await client.media.upload({ bytes, alt: '' })).size).toBe(5_000_000)
    await expect(client.media.add({ path: '/etc/passwd', alt: '' })).rejects.toMatchObject({ code: 'not-here' })
    ws.close()
  })

  it('is cut at a message over 17 MiB, and takes one just below', async () => {
    const cookie = await openSession()
    const ws = await openSocket(cookie)
    const closed = closeCode(ws)
    ws.on('error', () => {})
    ws.send(new Uint8Array(17 * 1024 * 1024 + 1))
    expect(await closed).toBe(1009)
    const other = await openSocket(cookie)
    const bytes = new Blob([new Uint8Array(16 * 1024 * 1024)], { type: 'image/webp' })
    expect((await clientOf(other).media.upload({ bytes, alt: '' })).size).toBe(16 * 1024 * 1024)
    other.close()
  })

  it('is closed on nonsense', async () => {
    const ws = await openSocket(await openSession())
    const closed = closeCode(ws)
    ws.send('{"i":')
    expect(await closed).toBe(1007)
  })

  it('is closed at more than 256 calls at once', async () => {
    const ws = await openSocket(await openSession())
    const closed = closeCode(ws)
    const client = clientOf(ws)
    served.node.controls.setDelay(5_000)
    const calls = Array.from({ length: 300 }, () => client.settings.get().catch(() => undefined))
    expect(await closed).toBe(1008)
    await Promise.all(calls)
  })

  it('is one of at most 32', async () => {
    const cookie = await openSession()
    const sockets = await Promise.all(Array.from({ length: 32 }, () => openSocket(cookie)))
    const extra = await openSocket(cookie)
    expect(await closeCode(extra)).toBe(1013)
    await expect(clientOf(sockets[0] as WebSocket).settings.get()).resolves.toBeDefined()
    for (const ws of sockets) ws.close()
  })

  it('ends with the session of an expired window, which then cannot come back', async () => {
    const cookie = await openSession()
    const ws = await openSocket(cookie)
    const closed = closeCode(ws)
    await served.expireSessions()
    await closed
    await expect(openSocket(cookie)).rejects.toThrow('401')
  })
})

describe('the server', () => {
  it('hangs up on a request that never comes to an end', async () => {
    const socket = connect(served.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nX-Slow: `)
    const startedAt = performance.now()
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS)
  })

  it('listens on 127.0.0.1 only', async () => {
    const { networkInterfaces } = await import('node:os')
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address && !address.internal && address.family === 'IPv4')
    for (const address of others) {
      const isReachable = await new Promise((resolve) => {
        const socket = connect(served.port, address?.address)
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      })
      expect(isReachable).toBe(false)
    }
  })

  it('says so when its port is taken', async () => {
    const second = new WebServer(
      { router: served.node.router as ServedRouter, readMedia: served.node.readMedia, logger: silentLogger, clock },
      { port: served.port, dataDir: served.dataDir, rendererDir },
    )
    await expect(second.start()).rejects.toThrow(PortBusyError)
  })
})

/**
 * Hostile requests against the web UI, each beside its good twin: the same request without the one thing that is wrong.
 * A hostile case that fails for another reason would prove nothing, so the twin has to pass.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/util/clock.ts'
import { type RawAnswer, sendRaw, sendRequest } from '../harness/raw-http.ts'
import { type ServedFake, serveFakeNode } from '../harness/serve-fake.ts'

const clock = new ManualClock(Date.UTC(2026, 10, 22))
let rendererDir: string
let served: ServedFake
let session: string

beforeAll(async () => {
  rendererDir = await mkdtemp(join(tmpdir(), 'palabre-renderer-'))
  await mkdir(join(rendererDir, 'assets'))
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>window</title>')
  await writeFile(join(rendererDir, 'assets', 'main-AbCd1234.js'), 'export {}')
  served = await serveFakeNode({ rendererDir, clock })
  session = await openSession()
})
afterAll(async () => {
  await served.stop()
  await rm(rendererDir, { recursive: true, force: true })
})

type Headers = readonly (readonly [string, string])[]

const host = (): readonly [string, string] => ['Host', `127.0.0.1:${served.port}`]
const origin = (): readonly [string, string] => ['Origin', `http://127.0.0.1:${served.port}`]
const cookie = (secret = session): readonly [string, string] => ['Cookie', `palabre_${served.port}=${secret}`]
const pathOfLink = (link: string) => link.slice(link.indexOf('/open'))
const navigation: Headers = [
  ['Sec-Fetch-Site', 'none'],
  ['Sec-Fetch-Mode', 'navigate'],
  ['Sec-Fetch-Dest', 'document'],
]

async function openSession(): Promise<string> {
  const answer = await sendRequest(served.port, { target: pathOfLink(served.link()), headers: [host()] })
  return /^palabre_\d+=([^;]+);/.exec(answer.headers['set-cookie'] ?? '')?.[1] as string
}

const get = (target: string, headers: Headers, method = 'GET', body = '') =>
  sendRequest(served.port, { method, target, headers, body })

function upgrade(change: { target?: string; headers?: Headers; without?: string[]; method?: string } = {}) {
  const base: Headers = [
    host(),
    origin(),
    cookie(),
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-Fetch-Site', 'same-origin'],
    ['Sec-Fetch-Mode', 'websocket'],
  ]
  const changed = new Set([...(change.headers ?? []).map(([name]) => name), ...(change.without ?? [])])
  const headers = [...base.filter(([name]) => !changed.has(name)), ...(change.headers ?? [])]
  return sendRequest(served.port, { target: change.target ?? '/rpc', method: change.method ?? 'GET', headers })
}

interface Case {
  readonly name: string
  readonly hostile: () => Promise<RawAnswer>
  readonly refusedWith: readonly number[]
  readonly good: () => Promise<RawAnswer>
  readonly answeredWith: number
}

const page = (headers: Headers = []) => get('/', [host(), cookie(), ...navigation, ...headers])
const site = (value: string, mode = 'cors', dest = 'empty'): Headers => [
  ['Sec-Fetch-Site', value],
  ['Sec-Fetch-Mode', mode],
  ['Sec-Fetch-Dest', dest],
]
const bare = (target: string, headers: Headers) => get(target, [host(), cookie(), ...headers])

const cases: readonly Case[] = [
  // DNS rebinding: the right address under a wrong name.
  ...['evil.example', 'localhost', '127.0.0.1', '127.1', '[::1]', '0.0.0.0', 'palabre.localhost'].map((name) => ({
    name: `a page under the name ${name}`,
    hostile: () => get('/', [['Host', name === '127.0.0.1' ? '127.0.0.1:1' : `${name}:${served.port}`], cookie()]),
    refusedWith: [421],
    good: () => page(),
    answeredWith: 200,
  })),
  {
    name: 'a second Host header',
    hostile: () => page([['Host', 'evil.example']]),
    refusedWith: [400],
    good: () => page(),
    answeredWith: 200,
  },
  {
    name: 'no Host header',
    hostile: () => get('/', [cookie()]),
    refusedWith: [400],
    good: () => get('/', [host(), cookie()]),
    answeredWith: 200,
  },
  {
    name: 'a proxy’s absolute target',
    hostile: () => get('http://evil.example/', [host(), cookie()]),
    refusedWith: [400, 421],
    good: () => get('/', [host(), cookie()]),
    answeredWith: 200,
  },
  {
    name: 'a target that starts with two slashes',
    hostile: () => get('//evil.example/session', [host(), cookie()]),
    refusedWith: [400],
    good: () => get('/session', [host(), cookie()]),
    answeredWith: 204,
  },
  // Cross-site requests.
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].map((method) => ({
    name: `a ${method} from anywhere`,
    hostile: () => get('/session', [host(), cookie()], method),
    refusedWith: [405],
    good: () => get('/session', [host(), cookie()]),
    answeredWith: 204,
  })),
  {
    name: 'a form posted by another site',
    hostile: () =>
      get('/rpc', [host(), ['Origin', 'https://evil.example'], cookie(), ['Content-Length', '3']], 'POST', 'a=b'),
    refusedWith: [413, 405, 403],
    good: () => upgrade(),
    answeredWith: 101,
  },
  ...['https://evil.example', 'null', 'http://localhost:1', 'http://127.0.0.1', 'http://127.0.0.1:1'].map((value) => ({
    name: `a request from the origin ${value}`,
    hostile: () => bare('/session', [['Origin', value]]),
    refusedWith: [403],
    good: () => bare('/session', [origin()]),
    answeredWith: 204,
  })),
  ...['cross-site', 'same-site'].map((value) => ({
    name: `a fetch that the browser calls ${value}`,
    hostile: () => bare('/session', site(value)),
    refusedWith: [403],
    good: () => bare('/session', site('same-origin')),
    answeredWith: 204,
  })),
  {
    name: 'a picture embedded by another site',
    hostile: () => bare('/media/bafkreiunknownpicture', site('cross-site', 'no-cors', 'image')),
    refusedWith: [403],
    good: () => bare(`/media/${somePicture()}`, site('same-origin', 'no-cors', 'image')),
    answeredWith: 200,
  },
  {
    name: 'a script embedded by another site',
    hostile: () => bare('/assets/main-AbCd1234.js', site('cross-site', 'no-cors', 'script')),
    refusedWith: [403],
    good: () => bare('/assets/main-AbCd1234.js', site('same-origin', 'no-cors', 'script')),
    answeredWith: 200,
  },
  ...['iframe', 'frame', 'embed', 'object', 'fencedframe'].map((dest) => ({
    name: `the window inside of <${dest}>`,
    hostile: () => bare('/', site('cross-site', 'navigate', dest)),
    refusedWith: [403],
    good: () => bare('/', site('none', 'navigate', 'document')),
    answeredWith: 200,
  })),
  {
    name: 'a navigation by another site to anything but the window',
    hostile: () => bare('/session', site('cross-site', 'navigate', 'document')),
    refusedWith: [403],
    good: () => bare('/', site('cross-site', 'navigate', 'document')),
    answeredWith: 200,
  },
  // Cross-site WebSockets.
  ...['https://evil.example', 'null', 'http://localhost', 'http://127.0.0.1', 'http://127.0.0.1:1'].map((value) => ({
    name: `a WebSocket from ${value}`,
    hostile: () => upgrade({ headers: [['Origin', value]] }),
    refusedWith: [403],
    good: () => upgrade(),
    answeredWith: 101,
  })),
  {
    name: 'a WebSocket without an Origin',
    hostile: () => upgrade({ without: ['Origin'] }),
    refusedWith: [403],
    good: () => upgrade({ headers: [origin()] }),
    answeredWith: 101,
  },
  {
    name: 'a WebSocket without a session',
    hostile: () => upgrade({ without: ['Cookie'] }),
    refusedWith: [401],
    good: () => upgrade({ headers: [cookie()] }),
    answeredWith: 101,
  },
  {
    name: 'a WebSocket under another name',
    hostile: () => upgrade({ headers: [['Host', `evil.example:${served.port}`]] }),
    refusedWith: [421],
    good: () => upgrade({ headers: [host()] }),
    answeredWith: 101,
  },
  {
    name: 'a WebSocket that the browser calls cross-site',
    hostile: () => upgrade({ headers: [['Sec-Fetch-Site', 'cross-site']] }),
    refusedWith: [403],
    good: () => upgrade({ without: ['Sec-Fetch-Site'] }),
    answeredWith: 101,
  },
  {
    name: 'a WebSocket at another path',
    hostile: () => upgrade({ target: '/rpc/../open' }),
    refusedWith: [404],
    good: () => upgrade({ target: '/rpc' }),
    answeredWith: 101,
  },
  {
    name: 'an upgrade to another protocol',
    hostile: () => upgrade({ headers: [['Upgrade', 'h2c']] }),
    refusedWith: [400],
    good: () => upgrade({ headers: [['Upgrade', 'websocket']] }),
    answeredWith: 101,
  },
  // Sessions.
  ...['/', '/session', '/assets/main-AbCd1234.js', '/media/bafkreiunknownpicture', '/index.html'].map((target) => ({
    name: `${target} without a session`,
    hostile: () => get(target, [host()]),
    refusedWith: [401],
    good: () => get(target.startsWith('/media') ? `/media/${somePicture()}` : target, [host(), cookie()]),
    answeredWith: target === '/session' ? 204 : 200,
  })),
  {
    name: 'a guessed session',
    hostile: () => get('/session', [host(), cookie('A'.repeat(43))]),
    refusedWith: [401],
    good: () => get('/session', [host(), cookie()]),
    answeredWith: 204,
  },
  {
    name: 'the cookie of another port',
    hostile: () => get('/session', [host(), ['Cookie', `palabre_${served.port + 1}=${session}`]]),
    refusedWith: [401],
    good: () =>
      get('/session', [host(), ['Cookie', `palabre_${served.port + 1}=x; palabre_${served.port}=${session}`]]),
    answeredWith: 204,
  },
  {
    name: 'two cookies of the same name',
    hostile: () => get('/session', [host(), ['Cookie', `palabre_${served.port}=x; palabre_${served.port}=${session}`]]),
    refusedWith: [401],
    good: () => get('/session', [host(), cookie()]),
    answeredWith: 204,
  },
  ...['', 'A'.repeat(43), 'x', '%00', 'a'.repeat(2_000)].map((token) => ({
    name: `the link with the token ${JSON.stringify(token.slice(0, 8))} of ${token.length} characters`,
    hostile: () => get(`/open?token=${token}`, [host()]),
    refusedWith: [403],
    good: () => get(pathOfLink(served.link()), [host()]),
    answeredWith: 303,
  })),
  // Paths that want out.
  ...[
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5cpackage.json',
    '/assets/../../web-sessions.json',
    '/media/..%2f..%2fweb-sessions.json',
    '/media/../web-sessions.json',
    '/assets/main-AbCd1234.js%00.html',
    '/assets',
    '/.env',
  ].map((target) => ({
    name: `the path ${target}`,
    hostile: () => get(target, [host(), cookie()]),
    refusedWith: [404],
    good: () => get('/assets/main-AbCd1234.js', [host(), cookie()]),
    answeredWith: 200,
  })),
  // Sizes and smuggling.
  {
    name: '20 KiB of headers',
    hostile: () => get('/', [host(), cookie(), ['X-Long', 'a'.repeat(20_000)]]),
    refusedWith: [431],
    good: () => get('/', [host(), cookie(), ['X-Long', 'a'.repeat(2_000)]]),
    answeredWith: 200,
  },
  {
    name: 'a body on a GET',
    hostile: () => get('/', [host(), cookie(), ['Content-Length', '4']], 'GET', 'body'),
    refusedWith: [413],
    good: () => get('/', [host(), cookie(), ['Content-Length', '0']]),
    answeredWith: 200,
  },
  {
    name: 'a request hidden in the body of another',
    hostile: () =>
      get('/', [host(), cookie(), ['Transfer-Encoding', 'chunked'], ['Content-Length', '4']], 'GET', '0\r\n\r\n'),
    refusedWith: [400, 413],
    good: () => get('/', [host(), cookie()]),
    answeredWith: 200,
  },
  {
    name: 'bytes that are no HTTP',
    hostile: () => sendRaw(served.port, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'),
    refusedWith: [400],
    good: () => get('/', [host(), cookie()]),
    answeredWith: 200,
  },
]

function somePicture(): string {
  return [...served.node.controls.square().files.keys()][0] as string
}

describe('the guard of the web UI', () => {
  it('holds at least thirty hostile cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(30)
  })

  it.each(cases)('refuses $name', async ({ hostile, refusedWith }) => {
    const answer = await hostile()
    expect(refusedWith).toContain(answer.status)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.body).not.toContain('window</title>')
  })

  it.each(cases)('lets the good twin through: $name', async ({ good, answeredWith }) => {
    expect((await good()).status).toBe(answeredWith)
  })
})

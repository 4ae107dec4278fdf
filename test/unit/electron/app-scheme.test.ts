import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAppSchemeHandler } from '../../../electron/app-scheme.ts'

const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
let folder: string
let handle: (request: Request) => Promise<Response>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabre-scheme-'))
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true })
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'renderer', 'assets', 'main.js'), 'export {}')
  await writeFile(join(folder, 'renderer', 'assets', 'notes.map'), '{}')
  await writeFile(join(folder, 'secret.json'), '{}')
  handle = createAppSchemeHandler(
    { readMedia: async (cid) => (cid === CID ? { type: 'image/png', bytes: new Uint8Array([1, 2]) } : null) },
    { rendererDir: join(folder, 'renderer') },
  )
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const get = (path: string, init?: RequestInit) => handle(new Request(`app://palabre${path}`, init))

describe('the app:// scheme', () => {
  it('serves the page with a strict policy', async () => {
    const page = await get('/')
    expect(page.status).toBe(200)
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('serves assets with their type', async () => {
    expect((await get('/assets/main.js')).headers.get('content-type')).toContain('text/javascript')
  })

  it('serves pictures by CID, unable to run anything', async () => {
    const picture = await get(`/media/${CID}`)
    expect(new Uint8Array(await picture.arrayBuffer())).toEqual(new Uint8Array([1, 2]))
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect(picture.headers.get('content-security-policy')).toContain('sandbox')
  })

  it.each(['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/assets/notes.map', '/nothing.js'])(
    'refuses %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  it('refuses another host, other methods and unknown pictures', async () => {
    expect((await handle(new Request('app://elsewhere/'))).status).toBe(404)
    expect((await get('/', { method: 'POST' })).status).toBe(405)
    expect((await get('/media/bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).status).toBe(404)
  })
})

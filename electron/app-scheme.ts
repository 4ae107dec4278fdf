import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { APP_ORIGIN, CONTENT_SECURITY_POLICY } from './app-origin.ts'

/** Types of the files that a build puts into dist/renderer; anything else is not served. */
const FILE_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}

const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

export interface AppSchemeComponents {
  /** Bytes of a picture with their sniffed type, null where not held. */
  readMedia(cid: string): Promise<{ type: string; bytes: Uint8Array } | null>
}

export interface AppSchemeInit {
  /** Absolute path of the built renderer. */
  readonly rendererDir: string
}

function refuse(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...COMMON_HEADERS, 'content-type': 'text/plain; charset=utf-8' } })
}

/** Answers `app://palabre/…`: the renderer's files and `/media/<cid>`, the same paths as the web UI. */
export function createAppSchemeHandler(
  components: AppSchemeComponents,
  init: AppSchemeInit,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN) return refuse(404, 'not here')
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'only GET')
    if (url.pathname === '/session') return new Response(null, { status: 204, headers: COMMON_HEADERS })
    const media = /^\/media\/([a-z0-9]{16,128})$/.exec(url.pathname)
    return media === null
      ? serveFile(init.rendererDir, url.pathname)
      : serveMedia(await components.readMedia(media[1] as string))
  }
}

function serveMedia(media: { type: string; bytes: Uint8Array } | null): Response {
  if (media === null) return refuse(404, 'nobody here holds this picture')
  return new Response(new Uint8Array(media.bytes), {
    headers: {
      ...COMMON_HEADERS,
      'content-type': media.type,
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  })
}

async function serveFile(rendererDir: string, pathname: string): Promise<Response> {
  const path = normalize(join(rendererDir, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)))
  const type = FILE_TYPES[extname(path)]
  if (!path.startsWith(rendererDir + sep) || type === undefined) return refuse(404, 'not here')
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) return refuse(404, 'not here')
  return new Response(new Uint8Array(bytes), {
    headers: { ...COMMON_HEADERS, 'content-type': type, 'content-security-policy': CONTENT_SECURITY_POLICY },
  })
}

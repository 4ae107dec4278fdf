/**
 * Who may talk to the web UI. It listens on 127.0.0.1 only, yet every web page that the user opens anywhere can send
 * requests there (cross-site requests, WebSockets, frames), and a name that an attacker owns can be made to point there
 * (DNS rebinding). So, before anything else looks at a request:
 *
 * - the Host is exactly `127.0.0.1:PORT` (not `localhost`: a name can be made to mean something else);
 * - there is no body, and the method is GET or HEAD: nothing changes by a plain request;
 * - an Origin, where there is one, is exactly our own; a WebSocket has to have it;
 * - Sec-Fetch-Site, where the browser says it, is `same-origin` or `none`; from elsewhere only a top-level navigation
 *   is let through, and never one into a frame;
 * - everything but the one-time link needs the session cookie of this port.
 *
 * Pure: headers in, decision out.
 */

export type GuardDecision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly status: number; readonly reason: GuardReason }

export type GuardReason =
  | 'bad-target'
  | 'bad-method'
  | 'body'
  | 'repeated-header'
  | 'bad-host'
  | 'bad-origin'
  | 'cross-site'
  | 'framed'
  | 'not-websocket'
  | 'no-session'

export interface GuardedRequest {
  readonly method: string | undefined
  /** Request target as it came. */
  readonly target: string | undefined
  /** Names lower-case, values joined as Node.js does it. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Name, value, name, value … as they came. */
  readonly rawHeaders: readonly string[]
}

export interface GuardInit {
  /** Port that the web UI listens on. */
  readonly port: number
}

/** A header that comes twice is read differently by different readers. */
const SINGLE_HEADERS = new Set(['host', 'origin', 'cookie', 'sec-fetch-site', 'content-length', 'sec-websocket-key'])
const FRAMES = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe'])
/** Top-level navigation may come from a link elsewhere; the session cookie is SameSite=Strict and stays behind. */
const NAVIGABLE = new Set(['/', '/open'])
const ALLOWED: GuardDecision = { isAllowed: true }

/** What stands for everybody; the session is asked for separately (`needsSession`). */
export function guardRequest(request: GuardedRequest, init: GuardInit): GuardDecision {
  const { headers } = request
  const common = guardCommon(request, init)
  if (!common.isAllowed) return common
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'bad-method')
  if (headers.upgrade !== undefined) return refuse(400, 'bad-target')
  if (headers.origin !== undefined && headers.origin !== originOf(init.port)) return refuse(403, 'bad-origin')
  if (FRAMES.has(String(headers['sec-fetch-dest']))) return refuse(403, 'framed')
  if (isFromElsewhere(headers)) {
    const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
    if (!isNavigation || !NAVIGABLE.has(pathOf(request.target))) return refuse(403, 'cross-site')
  }
  return ALLOWED
}

/** The same for a request that wants to become a WebSocket; it always needs a session too. */
export function guardUpgrade(request: GuardedRequest, init: GuardInit): GuardDecision {
  const { headers } = request
  const common = guardCommon(request, init)
  if (!common.isAllowed) return common
  if (request.method !== 'GET') return refuse(405, 'bad-method')
  if (String(headers.upgrade).toLowerCase() !== 'websocket') return refuse(400, 'not-websocket')
  if (headers.origin !== originOf(init.port)) return refuse(403, 'bad-origin')
  if (isFromElsewhere(headers) || headers['sec-fetch-site'] === 'none') return refuse(403, 'cross-site')
  if (request.target !== '/rpc') return refuse(404, 'bad-target')
  return ALLOWED
}

/** The web UI's own origin. */
export function originOf(port: number): string {
  return `http://127.0.0.1:${port}`
}

/** Path of a request target without its query. */
export function pathOf(target: string | undefined): string {
  return (target ?? '').split('?', 1)[0] as string
}

function guardCommon(request: GuardedRequest, init: GuardInit): GuardDecision {
  const { headers, rawHeaders, target } = request
  // Absolute form (a proxy's), authority form, `*` and `//host` are nothing that a browser sends here.
  if (target === undefined || !target.startsWith('/') || target.startsWith('//')) return refuse(400, 'bad-target')
  const seen = new Set<string>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = String(rawHeaders[i]).toLowerCase()
    if (seen.has(name) && SINGLE_HEADERS.has(name)) return refuse(400, 'repeated-header')
    seen.add(name)
  }
  if (headers.host !== `127.0.0.1:${init.port}`) return refuse(421, 'bad-host')
  const length = headers['content-length']
  if (headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')) return refuse(413, 'body')
  return ALLOWED
}

function isFromElsewhere(headers: GuardedRequest['headers']): boolean {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function refuse(status: number, reason: GuardReason): GuardDecision {
  return { isAllowed: false, status, reason }
}

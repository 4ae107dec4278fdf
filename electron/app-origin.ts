/** Scheme of the window's own pages. A custom standard scheme gives them an origin that no web page can have. */
export const APP_SCHEME = 'app'
/** Origin of the window's own pages. */
export const APP_ORIGIN = 'app://palabre'
/** The page that the window opens. */
export const APP_URL = `${APP_ORIGIN}/`

/** Sent as a header with every page: nothing from elsewhere, nothing inline. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Channels between main, preload and node process. */
export const CHANNEL = {
  /** Preload → main: the page wants a port to the node. */
  requestPort: 'palabre:request-port',
  /** Main → preload, with one port: a node runs, talk to it here. */
  port: 'palabre:port',
  /** Main → preload: the vault is sealed and a passphrase is asked for, for the nth time. */
  locked: 'palabre:locked',
  /** Preload → main: the passphrase that a person typed. */
  unlock: 'palabre:unlock',
} as const

/** What main says to the node process. A 'connect' message carries one port. */
export type NodeCommand =
  | { readonly type: 'connect' }
  | { readonly type: 'media'; readonly id: number; readonly cid: string }
  /** Answers a `locked` report; said once and kept by nobody. */
  | { readonly type: 'unlock'; readonly passphrase: string }
  | { readonly type: 'stop' }

/** What the node process says to main. */
export type NodeReport =
  | { readonly type: 'ready'; readonly dataDir: string }
  /** The vault is sealed; an `unlock` is waited for. */
  | { readonly type: 'locked' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | {
      readonly type: 'media'
      readonly id: number
      readonly media: { readonly type: string; readonly bytes: Uint8Array } | null
    }

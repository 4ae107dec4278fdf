/** What may leave the app: the web and mail. Everything else (files, other programs' schemes) stays closed. */
const ALLOWED_PROTOCOLS: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:'])
/** Longest address that is handed on. */
const MAX_URL_LENGTH = 2_048

/** An address that may be opened outside. `shown` is its real host (or mail address), as a person must see it first. */
export interface ExternalLink {
  readonly url: string
  readonly shown: string
}

/** Checks an address from a page; null for anything that must not leave the app. */
export function checkExternalLink(text: string): ExternalLink | null {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) return null
  const url = new URL(text)
  if (!ALLOWED_PROTOCOLS.has(url.protocol)) return null
  // Credentials before the host are the classic way to make one host look like another.
  if (url.username !== '' || url.password !== '') return null
  return { url: url.href, shown: url.protocol === 'mailto:' ? url.pathname : url.host }
}

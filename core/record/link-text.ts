/** What the parameters of `palabre:` links are written in. */
import { base64url } from 'multiformats/bases/base64'

/** Of a multiaddr in a link: characters, in an invitation bytes. */
export const MAX_LINK_ADDRESS_LENGTH = 256

/** Slashes and colons stay readable; both are allowed in a query (RFC 3986, 3.4). */
export function encodeAddress(address: string): string {
  return encodeURIComponent(address).replaceAll('%2F', '/').replaceAll('%3A', ':')
}

/** Undefined for what isn't percent-encoded UTF-8. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** How many characters so many bytes take in base64url without padding. */
export function base64urlLength(bytes: number): number {
  return Math.ceil((bytes * 4) / 3)
}

/** Undefined for what isn't the one way to write so many bytes in base64url without padding. */
export function decodeBase64url(text: string, length: number): Uint8Array | undefined {
  if (text.length !== base64urlLength(length)) return undefined
  try {
    const bytes = base64url.baseDecode(text)
    return bytes.length === length && base64url.baseEncode(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

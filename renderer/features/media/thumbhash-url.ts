import { thumbHashToDataURL } from 'thumbhash'

const MAX_KEPT = 500
const kept = new Map<string, string | undefined>()

/** A small blurred picture as a data URL, from base64 of a thumbhash; undefined where the text is no thumbhash. */
export function thumbhashUrl(base64: string | undefined): string | undefined {
  if (!base64) return undefined
  if (kept.has(base64)) return kept.get(base64)
  const url = decode(base64)
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(base64, url)
  return url
}

function decode(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
    // Fewer bytes than the fixed part would read past the end and draw noise.
    if (bytes.length < 5 || bytes.length > 32) return undefined
    return thumbHashToDataURL(bytes)
  } catch {
    return undefined
  }
}

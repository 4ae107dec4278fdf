/** Ranges of UTF-8 bytes, as records have them, as places in a string, and the way back. */

const encoder = new TextEncoder()

export interface ByteRange {
  start: number
  end: number
}

/** Where each byte that begins a character stands in the string; a byte inside of one is not there. */
function placesOf(text: string): Map<number, number> {
  const places = new Map<number, number>()
  let [bytes, at] = [0, 0]
  for (const sign of text) {
    places.set(bytes, at)
    bytes += encoder.encode(sign).length
    at += sign.length
  }
  return places.set(bytes, at)
}

/** Those that lie in the text on borders of characters, ascending and apart; what doesn't is left out. */
export function fromByteRanges<T extends ByteRange>(text: string, ranges: readonly T[]): T[] {
  if (ranges.length === 0) return []
  const places = placesOf(text)
  const found: T[] = []
  let from = 0
  for (const range of ranges) {
    const [start, end] = [places.get(range.start), places.get(range.end)]
    if (start === undefined || end === undefined || start < from || end <= start) continue
    found.push({ ...range, start, end })
    from = end
  }
  return found
}

/** @param ranges places in the string */
export function toByteRanges<T extends ByteRange>(text: string, ranges: readonly T[]): T[] {
  const bytesBefore = (at: number) => encoder.encode(text.slice(0, at)).length
  return ranges.map((range) => ({ ...range, start: bytesBefore(range.start), end: bytesBefore(range.end) }))
}

export interface HighlightPart {
  text: string
  isHit: boolean
}

/** Words of a query, as the search splits them: at white space, without empty ones. */
export function queryWords(query: string): string[] {
  return [...new Set(query.normalize('NFC').split(/\s+/u).filter(Boolean))].slice(0, 16)
}

/**
 * Marks where words of the query begin a word of the text, ignoring case and accents, as the index compares.
 * The parts joined give the text unchanged.
 */
export function highlight(text: string, query: string): HighlightPart[] {
  const words = queryWords(query)
    .map((word) => fold(word).text)
    .filter(Boolean)
  if (words.length === 0 || text === '') return text === '' ? [] : [{ text, isHit: false }]
  const folded = fold(text)
  const hits = findHits(folded.text, words).map(
    ([start, end]) => [folded.places[start] ?? 0, folded.places[end] ?? text.length] as const,
  )
  const parts: HighlightPart[] = []
  let at = 0
  for (const [start, end] of hits) {
    if (start < at) continue
    if (start > at) parts.push({ text: text.slice(at, start), isHit: false })
    parts.push({ text: text.slice(start, end), isHit: true })
    at = end
  }
  if (at < text.length) parts.push({ text: text.slice(at), isHit: false })
  return parts
}

function findHits(text: string, words: readonly string[]): [number, number][] {
  const hits: [number, number][] = []
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      if (!/[\p{L}\p{N}]$/u.test(text.slice(0, at))) hits.push([at, at + word.length])
    }
  }
  return hits.sort((a, b) => a[0] - b[0] || b[1] - a[1])
}

/** Lower case without accents; `places[i]` is where folded character i stands in the text. */
function fold(text: string): { text: string; places: number[] } {
  let folded = ''
  const places: number[] = []
  let at = 0
  for (const sign of text) {
    const plain = sign.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    for (let i = 0; i < plain.length; i += 1) places.push(at)
    folded += plain
    at += sign.length
  }
  places.push(text.length)
  return { text: folded, places }
}

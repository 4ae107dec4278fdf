/** Bytes of UTF-8 that the text of a post may take. */
export const MAX_TEXT_BYTES = 3_000
/** From here on the counter warns. */
export const WARN_LEFT_BYTES = 200

export interface TextBudget {
  /** What a reader would count as characters: grapheme clusters. */
  graphemes: number
  /** Bytes in UTF-8. */
  bytes: number
  /** Bytes that may still be written; negative when the text is too long. */
  left: number
  tone: 'plain' | 'warn' | 'over'
}

const encoder = new TextEncoder()
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Number of grapheme clusters: a flag, a family emoji or é in two code points is one. */
export function countGraphemes(text: string): number {
  let count = 0
  for (const _ of segmenter.segment(text)) count += 1
  return count
}

export function countBytes(text: string): number {
  return encoder.encode(text).length
}

/** What the counter under a text of a post says. */
export function measureText(text: string, maxBytes = MAX_TEXT_BYTES): TextBudget {
  const bytes = countBytes(text)
  const left = maxBytes - bytes
  return {
    graphemes: countGraphemes(text),
    bytes,
    left,
    tone: left < 0 ? 'over' : left < WARN_LEFT_BYTES ? 'warn' : 'plain',
  }
}

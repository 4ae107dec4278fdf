import type { PostContent } from '../record/kinds/post-content.ts'
import { MAX_TAGS } from '../record/limits.ts'
import { utf8 } from '../util/bytes.ts'

/** Longer ones are nobody's to find. */
const MAX_TAG_BYTES = 128

/** A sign that isn't in the middle of a word or an address, and what follows of letters, numbers, marks and underscores. */
const TAG = /(?<![\p{L}\p{N}\p{M}_&/#＃])[#＃][\p{L}\p{N}\p{M}_]+/gu
const LETTER = /\p{L}/u
const LATIN_MARKS = /(\p{Script=Latin})\p{M}+/gu
const SIGN = /^[#＃]/u

/**
 * The tags of a post or an edit, folded, each once: those that its author has marked, or, of one that marks none, what its
 * text shows as tags. Something without a letter is no tag (`#1`).
 */
export function tagsOf({ text, tags }: Pick<PostContent, 'text' | 'tags'>): string[] {
  const found = tags === undefined ? (text.match(TAG) ?? []) : markedIn(text, tags)
  const folded = found.map(foldTag).filter((tag) => LETTER.test(tag) && utf8(tag).length <= MAX_TAG_BYTES)
  return [...new Set(folded)].slice(0, MAX_TAGS)
}

/** A tag as it is looked for: without its sign, in lower case, wide letters narrow, Latin letters without accents. */
export function foldTag(tag: string): string {
  const plain = tag.normalize('NFKC').replace(SIGN, '').toLowerCase()
  return plain.normalize('NFD').replace(LATIN_MARKS, '$1').normalize('NFC')
}

function markedIn(text: string, ranges: NonNullable<PostContent['tags']>): string[] {
  const bytes = Buffer.from(utf8(text))
  return ranges.map(({ start, end }) => bytes.toString('utf8', start, end).trim())
}

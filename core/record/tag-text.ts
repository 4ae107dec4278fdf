/** A sign that isn't in the middle of a word or an address, and what follows of letters, numbers, marks and underscores. */
const TAG = /(?<![\p{L}\p{N}\p{M}_&/#＃])[#＃][\p{L}\p{N}\p{M}_]+/gu
const LETTER = /\p{L}/u
const LATIN_MARKS = /(\p{Script=Latin})\p{M}+/gu
const SIGN = /^[#＃]/u

export interface FoundTag {
  /** With its sign, as it stands in the text. */
  readonly text: string
  /** Where it begins, in UTF-16 units. */
  readonly at: number
}

/** What a text shows as tags (REC10). Something without a letter is no tag (`#1`). */
export function findTags(text: string): FoundTag[] {
  return [...text.matchAll(TAG)].map((match) => ({ text: match[0], at: match.index })).filter((tag) => isTag(tag.text))
}

export function isTag(text: string): boolean {
  return LETTER.test(text)
}

/** A tag as it is looked for: without its sign, in lower case, wide letters narrow, Latin letters without accents. */
export function foldTag(tag: string): string {
  const plain = tag.normalize('NFKC').replace(SIGN, '').toLowerCase()
  return plain.normalize('NFD').replace(LATIN_MARKS, '$1').normalize('NFC')
}

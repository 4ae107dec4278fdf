import { foldTag, isTag } from './tag-text.ts'

/** Of a muted word, in UTF-16 units. */
export const MAX_WORD_CHARACTERS = 100
/** Of the name under which words are kept together. */
export const MAX_WORD_GROUP_CHARACTERS = 40

const SPACES = /\s+/gu
const SIGN = /^[#＃]/u
/** What search knows of a text. */
const WORD_CHARACTER = /[\p{L}\p{N}]/u

/** What is the same word, or tag, however it is written: capitals, accents and spaces around it don't count. */
export function foldWord(word: string): string {
  const text = word.trim().replace(SPACES, ' ')
  return SIGN.test(text) ? `#${foldTag(text)}` : foldTag(text)
}

/** Whether posts can be looked for by it. */
export function isSearchable(word: string): boolean {
  return SIGN.test(word.trim()) ? isTag(foldWord(word)) : WORD_CHARACTER.test(word)
}

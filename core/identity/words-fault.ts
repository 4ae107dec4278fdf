import { validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

const WORD_COUNT = 24

/** What is wrong with a text that should be 24 words. It names places and counts, never a word. */
export type WordsFault =
  | { readonly kind: 'count'; readonly count: number }
  /** Places from 1 whose words are not in the list. */
  | { readonly kind: 'unknown'; readonly places: readonly number[] }
  /** Every word is in the list, and together they are no 24 words that were ever made. */
  | { readonly kind: 'checksum' }

/**
 * Why `entropyFromWords` would refuse this text; undefined when it would take it. Unknown words are said before a wrong
 * count, because a word that was cut in two is both.
 */
export function findWordsFault(text: string): WordsFault | undefined {
  const list = text.normalize('NFKD').toLowerCase().trim().split(/\s+/).filter(Boolean)
  const places = list.flatMap((word, index) => (wordlist.includes(word) ? [] : [index + 1]))
  if (places.length > 0) return { kind: 'unknown', places }
  if (list.length !== WORD_COUNT) return { kind: 'count', count: list.length }
  return validateMnemonic(list.join(' '), wordlist) ? undefined : { kind: 'checksum' }
}

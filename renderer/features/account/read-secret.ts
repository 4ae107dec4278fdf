import { findWordsFault, type WordsFault } from '../../../core/identity/words-fault.ts'

/** Characters of a paper key behind its beginning: 18 groups of 4. */
const PAPER_LENGTH = 72
const PAPER_BEGINNING = /^PALABREPAPER[1IL]?/u

/** What can be told from the text alone; whether it is the right secret, only the node knows. */
export type SecretFault = { readonly kind: 'empty' } | { readonly kind: 'paper'; readonly count: number } | WordsFault

export type ReadSecret = { readonly secret: string } | { readonly fault: SecretFault }

/**
 * Reads what somebody typed or pasted: 24 words in any case, with or without the numbers, dots and commas of a list, or
 * a paper key. What comes back is what the node is given.
 */
export function readSecret(text: string): ReadSecret {
  if (text.trim() === '') return { fault: { kind: 'empty' } }
  if (looksLikePaper(text)) {
    const typed = squeeze(text)
    const count = typed.replace(PAPER_BEGINNING, '').length
    return count === PAPER_LENGTH ? { secret: text.trim() } : { fault: { kind: 'paper', count } }
  }
  const words = wordsOf(text)
  const fault = findWordsFault(words)
  return fault === undefined ? { secret: words } : { fault }
}

/** How many words stand there so far. */
export function countWords(text: string): number {
  return wordsOf(text).split(' ').filter(Boolean).length
}

export function looksLikePaper(text: string): boolean {
  if (PAPER_BEGINNING.test(squeeze(text))) return true
  const parts = text.split(/[^\p{L}\p{N}]+/u)
  return parts.some((part) => /\p{N}/u.test(part) && /\p{L}/u.test(part))
}

function squeeze(text: string): string {
  return text.toUpperCase().replace(/[\s\p{Pd}]/gu, '')
}

function wordsOf(text: string): string {
  return text
    .replace(/[^\p{L}\p{M}]+/gu, ' ')
    .trim()
    .toLowerCase()
}

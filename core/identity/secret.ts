import type { KeyPair } from './keys.ts'
import { entropyFromWords, wordsKeyPair } from './words.ts'

/** The authority key that a secret stands for, as its owner typed it: the 24 words. Undefined for a text that is none. */
export function parseSecret(text: string): KeyPair | undefined {
  const entropy = entropyFromWords(text)
  if (entropy === undefined) return undefined
  try {
    return wordsKeyPair(entropy)
  } finally {
    entropy.fill(0)
  }
}

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { utf8 } from '../util/bytes.ts'
import { type RandomSource, systemRandom } from '../util/random.ts'
import { deriveBytes } from './hash.ts'
import { type KeyPair, keyPairFromSeed } from './keys.ts'

/** 24 words of BIP-39 stand for 32 bytes. */
const ENTROPY_BYTES = 32
export const WORD_COUNT = 24

/** The key that the words stand for is HKDF-SHA256 of their entropy with this info; not BIP-39's own seed. */
const WORDS_KEY_INFO = 'palabre/words/1'

/** Entropy for 24 new words, 32 bytes. */
export function generateWordsEntropy(random: RandomSource = systemRandom): Uint8Array {
  return random(ENTROPY_BYTES)
}

/** The 24 English words of 32 bytes of entropy. */
export function wordsFromEntropy(entropy: Uint8Array): string[] {
  if (entropy.length !== ENTROPY_BYTES) throw new RangeError(`entropy is 32 bytes, got ${entropy.length}`)
  return entropyToMnemonic(entropy, wordlist).split(' ')
}

/**
 * The entropy of 24 words as a person types them: any case, any white space. Undefined when a word is not in the
 * list, there aren't 24, or the checksum is wrong.
 */
export function entropyFromWords(words: string | readonly string[]): Uint8Array | undefined {
  const text = (typeof words === 'string' ? words : words.join(' ')).normalize('NFKD').toLowerCase().trim()
  const list = text.split(/\s+/)
  if (list.length !== WORD_COUNT) return undefined
  try {
    return mnemonicToEntropy(list.join(' '), wordlist)
  } catch {
    return undefined
  }
}

/** The Ed25519 key of the words: an authority of rank 1 in the identity chain. */
export function wordsKeyPair(entropy: Uint8Array): KeyPair {
  if (entropy.length !== ENTROPY_BYTES) throw new RangeError(`entropy is 32 bytes, got ${entropy.length}`)
  return keyPairFromSeed(deriveBytes(entropy, utf8(WORDS_KEY_INFO), 32))
}

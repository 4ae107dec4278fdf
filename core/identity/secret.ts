import type { KeyPair } from './keys.ts'
import { entropyFromWords, wordsKeyPair } from './words.ts'

/** What a person types to speak for an account where no device can. */
export interface Secret {
  readonly kind: 'words'
  /** The key that it stands for in the identity chain. */
  readonly keyPair: KeyPair
}

/** Undefined for what is no such secret; whose it is, the chain says. */
export function parseSecret(text: string): Secret | undefined {
  const entropy = entropyFromWords(text)
  return entropy === undefined ? undefined : { kind: 'words', keyPair: wordsKeyPair(entropy) }
}

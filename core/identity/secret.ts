import type { KeyPair } from './keys.ts'
import { parsePaperKey } from './paper-key.ts'
import { entropyFromWords, wordsKeyPair } from './words.ts'

/** What a person has that stands above their devices. */
export type Secret =
  /** Rank 1. `entropy`: the 32 bytes that the 24 words stand for. */
  | { readonly kind: 'words'; readonly entropy: Uint8Array; readonly keyPair: KeyPair }
  /** Rank 0. `addressStart`: the first 8 bytes of the address that the paper key is for. */
  | { readonly kind: 'paper'; readonly keyPair: KeyPair; readonly addressStart: Uint8Array }

/** The 24 words or the paper key as a person types them; undefined for anything else. To be erased after use. */
export function parseSecret(text: string): Secret | undefined {
  const entropy = entropyFromWords(text)
  if (entropy !== undefined) return { kind: 'words', entropy, keyPair: wordsKeyPair(entropy) }
  const paper = parsePaperKey(text)
  return paper === undefined ? undefined : { kind: 'paper', ...paper }
}

/** True when the secret may be of this address (32 bytes): words are of any. */
export function mayBeOf(secret: Secret, address: Uint8Array): boolean {
  if (secret.kind === 'words') return true
  return secret.addressStart.every((byte, i) => byte === address[i])
}

/** Overwrites the secret's bytes; it is worth nothing afterwards. */
export function eraseSecret(secret: Secret): void {
  secret.keyPair.secretKey.fill(0)
  if (secret.kind === 'words') secret.entropy.fill(0)
}

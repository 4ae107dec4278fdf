/**
 * New words on their way into the chain. They stand in the vault before any operation names them, so that no stop in
 * between leaves an account whose words nobody has; what became of it is made up for at the next start.
 */
import type { VaultContent } from '../identity/vault.ts'

/** The 32 bytes that the prepared words stand for; null where there are none. */
export function preparedWordsIn(content: VaultContent): Uint8Array | null {
  const prepared = content.extras?.nextWords
  return prepared instanceof Uint8Array && prepared.length === 32 ? prepared : null
}

export function withPreparedWords(content: VaultContent, entropy: Uint8Array): VaultContent {
  return { ...content, extras: { ...content.extras, nextWords: entropy } }
}

export function withoutPreparedWords(content: VaultContent): VaultContent {
  const { nextWords: _, ...extras } = content.extras ?? {}
  return { ...content, extras }
}

/** The prepared words in place of those before, as words that their owner has not confirmed. */
export function withWordsAsPrepared(content: VaultContent): VaultContent {
  const wordsEntropy = preparedWordsIn(content)
  return wordsEntropy === null ? content : { ...withoutPreparedWords(content), wordsEntropy }
}

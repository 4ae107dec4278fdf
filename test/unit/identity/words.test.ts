import { hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { entropyFromWords, generateWordsEntropy, wordsFromEntropy, wordsKeyPair } from '../../../core/identity/words.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const ENTROPY = generateWordsEntropy(seededRandom('words'))
const WORDS = wordsFromEntropy(ENTROPY)

describe('the 24 words (IDN14)', () => {
  it('stand for 32 bytes, both ways', () => {
    expect(WORDS).toHaveLength(24)
    expect(entropyFromWords(WORDS)).toEqual(ENTROPY)
    expect(wordsFromEntropy(new Uint8Array(32)).slice(-2)).toEqual(['abandon', 'art'])
  })

  it('are read as a person types them', () => {
    expect(entropyFromWords(`  ${WORDS.join(' \n ').toUpperCase()}\t`)).toEqual(ENTROPY)
  })

  it('are refused when one is missing, unknown or in another place', () => {
    expect(entropyFromWords(WORDS.slice(1))).toBeUndefined()
    expect(entropyFromWords(WORDS.with(3, 'palabre'))).toBeUndefined()
    expect(entropyFromWords(wordsFromEntropy(new Uint8Array(32)).with(23, 'abandon'))).toBeUndefined()
    expect(entropyFromWords('')).toBeUndefined()
    expect(entropyFromWords([...WORDS.slice(0, 12)])).toBeUndefined()
  })

  it('have a key of their own, always the same', () => {
    expect(toHex(wordsKeyPair(new Uint8Array(32)).publicKey)).toBe(toHex(wordsKeyPair(new Uint8Array(32)).publicKey))
    expect(toHex(wordsKeyPair(ENTROPY).secretKey)).not.toBe(toHex(ENTROPY))
    expect(() => wordsKeyPair(new Uint8Array(16))).toThrow(RangeError)
    expect(() => wordsFromEntropy(new Uint8Array(16))).toThrow(RangeError)
  })

  it('derive the key that they always derived, HKDF-SHA256 of the entropy', () => {
    const frozen = '05f49d4e0c22e634812c8e35c6d7bbd7547738a995fc3a09dff9d2525feb7f54'
    expect(toHex(wordsKeyPair(new Uint8Array(32)).publicKey)).toBe(frozen)
    const seed = new Uint8Array(hkdfSync('sha256', ENTROPY, '', 'palabre/words/1', 32))
    expect(toHex(wordsKeyPair(ENTROPY).secretKey)).toBe(toHex(seed))
  })
})

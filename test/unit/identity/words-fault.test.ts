import { describe, expect, it } from 'vitest'
import { entropyFromWords, generateWordsEntropy, wordsFromEntropy } from '../../../core/identity/words.ts'
import { findWordsFault } from '../../../core/identity/words-fault.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const WORDS = wordsFromEntropy(generateWordsEntropy(seededRandom('fault')))

describe('findWordsFault (IDN14)', () => {
  it('finds nothing in 24 words as a person types them', () => {
    expect(findWordsFault(`  ${WORDS.join(' \n ').toUpperCase()}\t`)).toBeUndefined()
  })

  it('says at which places a word is not in the list', () => {
    expect(findWordsFault(WORDS.with(3, 'palabre').with(20, 'zzz').join(' '))).toEqual({
      kind: 'unknown',
      places: [4, 21],
    })
  })

  it('counts what is missing or too much', () => {
    expect(findWordsFault(WORDS.slice(1).join(' '))).toEqual({ kind: 'count', count: 23 })
    expect(findWordsFault([...WORDS, 'abandon'].join(' '))).toEqual({ kind: 'count', count: 25 })
    expect(findWordsFault('  ')).toEqual({ kind: 'count', count: 0 })
  })

  it('tells words of the list that do not belong together', () => {
    expect(findWordsFault(Array.from({ length: 24 }, () => 'abandon').join(' '))).toEqual({ kind: 'checksum' })
  })

  it('finds a fault exactly where the words are refused', () => {
    const random = seededRandom('either')
    for (let round = 0; round < 200; round++) {
      const [at = 0, other = 0] = random(2)
      const words = WORDS.with(at % 24, WORDS[other % 24] as string).slice(0, other % 7 === 0 ? 23 : 24)
      const text = words.join(' ')
      expect(findWordsFault(text) === undefined).toBe(entropyFromWords(text) !== undefined)
    }
  })
})

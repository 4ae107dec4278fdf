import { describe, expect, it } from 'vitest'
import { formatPaperKey, generatePaperKey } from '../../../core/identity/paper-key.ts'
import { eraseSecret, mayBeOf, parseSecret } from '../../../core/identity/secret.ts'
import { generateWordsEntropy, wordsFromEntropy, wordsKeyPair } from '../../../core/identity/words.ts'
import { fakeKey } from '../../harness/memory-square.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const address = fakeKey('address')
const entropy = generateWordsEntropy(seededRandom('words'))
const words = wordsFromEntropy(entropy).join(' ')
const paper = generatePaperKey(address, seededRandom('paper'))

describe('parseSecret', () => {
  it('takes the 24 words for the key that they stand for (IDN14)', () => {
    expect(parseSecret(`  ${words.toUpperCase()}\n`)).toEqual({
      kind: 'words',
      entropy,
      keyPair: wordsKeyPair(entropy),
    })
  })

  it('takes a paper key (RCV1)', () => {
    expect(parseSecret(formatPaperKey(paper).toLowerCase())).toEqual({ kind: 'paper', ...paper })
  })

  it.each(['', 'palabre', words.slice(0, -3), `${words} palabre`, formatPaperKey(paper).slice(0, -1)])(
    'takes nothing else: %s',
    (text) => {
      expect(parseSecret(text)).toBeUndefined()
    },
  )

  it('says whose a paper key may be; words may be anybody’s', () => {
    const [byWords, byPaper] = [words, formatPaperKey(paper)].map((text) => {
      const secret = parseSecret(text)
      if (secret === undefined) throw new Error('no secret')
      return secret
    }) as [NonNullable<ReturnType<typeof parseSecret>>, NonNullable<ReturnType<typeof parseSecret>>]
    expect([mayBeOf(byWords, address), mayBeOf(byPaper, address)]).toEqual([true, true])
    const stranger = Uint8Array.from(address, (byte, i) => (i === 7 ? byte ^ 1 : byte))
    expect([mayBeOf(byWords, stranger), mayBeOf(byPaper, stranger)]).toEqual([true, false])
  })

  it('is overwritten when it is done with', () => {
    for (const text of [words, formatPaperKey(paper)]) {
      const secret = parseSecret(text)
      if (secret === undefined) throw new Error('no secret')
      eraseSecret(secret)
      expect(secret.keyPair.secretKey.every((byte) => byte === 0)).toBe(true)
      if (secret.kind === 'words') expect(secret.entropy.every((byte) => byte === 0)).toBe(true)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../core/identity/hash.ts'
import { keyPairFromSeed } from '../../../core/identity/keys.ts'
import { formatPaperKey, generatePaperKey, parsePaperKey } from '../../../core/identity/paper-key.ts'
import { concatBytes, toHex, utf8 } from '../../../core/util/bytes.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const address = sha256(utf8('an address'))
const paper = generatePaperKey(address, seededRandom('paper'))
const text = formatPaperKey(paper)

/** Crockford's base32 by big numbers, another way than the code's. */
function digitsOf(bytes: Uint8Array): string {
  let value = BigInt(`0x${toHex(bytes)}`)
  let digits = ''
  for (let i = 0; i < (bytes.length * 8) / 5; i++) {
    digits = ALPHABET[Number(value & 31n)] + digits
    value >>= 5n
  }
  return digits
}

describe('the paper key (RCV1, RCV2)', () => {
  it('is seed, start of the address and checksum in groups of four', () => {
    const body = concatBytes(paper.keyPair.secretKey, address.slice(0, 8))
    const sum = sha256(concatBytes(utf8('palabre/paper/1\0'), body)).slice(0, 5)
    const digits = digitsOf(concatBytes(body, sum))
    expect(text).toBe(`PALABRE-PAPER-1-${digits.match(/.{4}/g)?.join('-')}`)
    expect(text).toMatch(/^PALABRE-PAPER-1(-[0-9A-HJKMNP-TV-Z]{4}){18}$/)
  })

  it('comes back from its text', () => {
    for (let i = 0; i < 50; i++) {
      const key = generatePaperKey(seededRandom(`address ${i}`)(32), seededRandom(`paper ${i}`))
      expect(parsePaperKey(formatPaperKey(key))).toEqual(key)
    }
    expect(parsePaperKey(text)?.keyPair).toEqual(keyPairFromSeed(paper.keyPair.secretKey.slice()))
  })

  it.each([
    ['small letters', text.toLowerCase()],
    ['no dashes', text.replaceAll('-', '')],
    ['other dashes and white space', ` ${text.replaceAll('-', ' – ')}\n`],
    ['lines', text.replaceAll('-', '-\n')],
    ['groups of six', (text.slice(16).replaceAll('-', '').match(/.{6}/g) ?? []).join(' ')],
    ['the groups alone', text.slice('PALABRE-PAPER-1-'.length)],
    ['letters for digits', text.replaceAll('0', 'O').replaceAll('1', 'l')],
    ['wide letters', text.replaceAll('A', 'Ａ')],
  ])('is read as a person types it: %s', (_, typed) => {
    expect(parsePaperKey(typed)).toEqual(paper)
  })

  it('is refused for every single slip of the pen', () => {
    const digits = text.slice('PALABRE-PAPER-1-'.length)
    for (const [i, digit] of [...digits].entries()) {
      if (digit === '-') continue
      const other = ALPHABET[(ALPHABET.indexOf(digit) + 7) % 32] as string
      expect(parsePaperKey(digits.slice(0, i) + other + digits.slice(i + 1))).toBeUndefined()
      if (digits[i + 1] !== '-' && digits[i + 1] !== digit && i + 1 < digits.length) {
        const turned = digits.slice(0, i) + digits[i + 1] + digit + digits.slice(i + 2)
        expect(parsePaperKey(turned)).toBeUndefined()
      }
    }
  })

  it.each([
    ['nothing', ''],
    ['a digit less', text.slice(0, -1)],
    ['a digit more', `${text}0`],
    ['a letter that the alphabet lacks', `${text.slice(0, -1)}U`],
    ['another version', text.replace('PAPER-1', 'PAPER-2')],
    ['the prefix alone', 'PALABRE-PAPER-1-'],
    ['a group that is missing', text.slice(0, -5)],
    ['two groups in each other’s place', text.replace(/(.{4})-(.{4})$/, '$2-$1')],
    ['zeros', `PALABRE-PAPER-1-${'0'.repeat(72)}`],
    ['a book', '0'.repeat(2_000)],
  ])('is refused: %s', (_, typed) => {
    expect(parsePaperKey(typed)).toBeUndefined()
  })

  it('belongs to one address', () => {
    expect(() => formatPaperKey({ ...paper, addressStart: address })).toThrow(RangeError)
    const other = generatePaperKey(sha256(utf8('another')), seededRandom('paper'))
    expect(other.keyPair).toEqual(paper.keyPair)
    expect(formatPaperKey(other)).not.toBe(text)
  })
})

import { argon2Sync } from 'node:crypto'
import { argon2id } from '@noble/hashes/argon2.js'
import { describe, expect, it } from 'vitest'
import {
  normalizePassphrase,
  PASSPHRASE_COST,
  type PassphraseKdf,
  referenceKdf,
} from '../../../core/identity/passphrase.ts'
import { chooseKdf, nativeKdf } from '../../../core/node/native-kdf.ts'
import { toHex, utf8 } from '../../../core/util/bytes.ts'

const KDFS: readonly (readonly [string, PassphraseKdf])[] = [
  ['nativeKdf', nativeKdf],
  ['referenceKdf', referenceKdf],
]
const filled = (length: number, value: number) => new Uint8Array(length).fill(value)

describe('argon2id of both libraries', () => {
  // RFC 9106, section 5.3. The vault uses neither secret nor associated data; the vector does.
  const TAG = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659'

  it('gives the tag of RFC 9106 (VLT6)', () => {
    const native = argon2Sync('argon2id', {
      message: filled(32, 1),
      nonce: filled(16, 2),
      secret: filled(8, 3),
      associatedData: filled(12, 4),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    })
    const options = { t: 3, m: 32, p: 4, dkLen: 32, key: filled(8, 3), personalization: filled(12, 4) }
    expect(toHex(native)).toBe(TAG)
    expect(toHex(argon2id(filled(32, 1), filled(16, 2), options))).toBe(TAG)
  })
})

describe.each(KDFS)('%s', (_, kdf) => {
  // From the test file of the reference implementation of argon2 (version 0x13).
  it.each([
    [2, 256, 1, '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
    [2, 256, 2, '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037'],
  ])('gives the published tag for %i passes, %i KiB, %i lanes (VLT6)', (passes, memoryKiB, lanes, tag) => {
    expect(toHex(kdf(utf8('password'), utf8('somesalt'), { memoryKiB, passes, lanes }))).toBe(tag)
  })

  it('gives the same at the cost of new slots (VLT6)', () => {
    const tag = kdf(utf8('x'), filled(16, 0), PASSPHRASE_COST)
    expect(toHex(tag)).toBe('716f71be8a02903919ba14b3af4dc828e760a109668737ccd70517213a5447de')
  })
})

describe('chooseKdf', () => {
  it('takes the native one, and the reference where that fails or differs', () => {
    expect(chooseKdf()).toBe(nativeKdf)
    expect(chooseKdf(() => filled(32, 0))).toBe(referenceKdf)
    const missing = () => {
      throw new Error('not supported')
    }
    expect(chooseKdf(missing)).toBe(referenceKdf)
  })
})

describe('normalizePassphrase', () => {
  it('makes one of what keyboards compose in different ways, and keeps white space (VLT6)', () => {
    expect(normalizePassphrase('e\u0301te\u0301 \ufb01n ')).toEqual(utf8('\u00e9t\u00e9 fin '))
  })

  it.each([
    ['', 'is empty'],
    ['\ud800', 'surrogate'],
    ['é'.repeat(513), 'is 1,026 bytes, limit 1,024'],
  ])('refuses %j without quoting it', (text, reason) => {
    expect(() => normalizePassphrase(text)).toThrow(reason)
    expect(normalizePassphrase('é'.repeat(512))).toHaveLength(1_024)
  })
})

import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'
import { base58btc } from 'multiformats/bases/base58'
import { describe, expect, it } from 'vitest'
import { x25519SharedSecret } from '../../../core/identity/ed25519.ts'
import {
  generateKeyPair,
  generateSealKeyPair,
  keyPairFromSeed,
  sealKeyPairFromSeed,
  signBytes,
} from '../../../core/identity/keys.ts'
import { formatPeerId, parsePeerId, shortPeerId } from '../../../core/identity/peer-id.ts'
import { concatBytes, fromHex, toHex, utf8 } from '../../../core/util/bytes.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const bytesOf = (hex: string) => fromHex(hex) as Uint8Array

describe('Ed25519 keys', () => {
  it('are those of RFC 8032, TEST 2', () => {
    const pair = keyPairFromSeed(bytesOf('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'))
    expect(toHex(pair.publicKey)).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
    expect(toHex(signBytes(pair.secretKey, Uint8Array.of(0x72))).slice(0, 32)).toBe('92a009a9f0d4cab8720e820b5f642540')
  })

  it('come from the random source that is given', () => {
    expect(generateKeyPair(seededRandom('a'))).toEqual(generateKeyPair(seededRandom('a')))
    expect(generateKeyPair().secretKey).not.toEqual(generateKeyPair().secretKey)
  })

  it('refuse a seed of another length', () => {
    expect(() => keyPairFromSeed(new Uint8Array(64))).toThrow(RangeError)
    expect(() => sealKeyPairFromSeed(new Uint8Array(31))).toThrow(RangeError)
  })
})

describe('X25519 keys', () => {
  it('agree with node:crypto on random secrets, unclamped ones too', () => {
    const random = seededRandom('x25519')
    for (let i = 0; i < 20; i++) {
      const { secretKey, publicKey } = generateSealKeyPair(random)
      expect(toHex(publicKey)).toBe(nodePublicKey(secretKey))
    }
  })
})

describe('x25519SharedSecret', () => {
  it('is what Node.js computes, from both ends (RFC 7748, section 6.1)', () => {
    const random = seededRandom('shared')
    for (let i = 0; i < 20; i++) {
      const [a, b] = [generateSealKeyPair(random), generateSealKeyPair(random)]
      const shared = x25519SharedSecret(a.secretKey, b.publicKey) ?? new Uint8Array()
      const [privateKey, publicKey] = [nodeKey(a.secretKey), createPublicKey(nodeKey(b.secretKey))]
      expect(toHex(shared)).toBe(diffieHellman({ privateKey, publicKey }).toString('hex'))
      expect(x25519SharedSecret(b.secretKey, a.publicKey)).toEqual(shared)
    }
  })

  it.each([
    ['0, of order 4', '00'.repeat(32)],
    ['1, of order 2 on the twist', `01${'00'.repeat(31)}`],
    ['a point of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['p − 1', `ec${'ff'.repeat(30)}7f`],
    ['2, on the twist', `02${'00'.repeat(31)}`],
    ['a number over p', 'ff'.repeat(32)],
    ['31 bytes', '09'.repeat(31)],
  ])('refuses %s', (_, publicKey) => {
    expect(x25519SharedSecret(new Uint8Array(32).fill(7), bytesOf(publicKey))).toBeUndefined()
    expect(x25519SharedSecret(new Uint8Array(32).fill(7), bytesOf(`09${'00'.repeat(31)}`))).toHaveLength(32)
  })
})

function nodeKey(secret: Uint8Array): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), secret])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

function nodePublicKey(secret: Uint8Array): string {
  const key = createPublicKey(nodeKey(secret))
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url').toString('hex')
}

describe('peer IDs', () => {
  const key = bytesOf('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
  const text = formatPeerId(key)

  it('go both ways (IDN1)', () => {
    expect(text).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
    expect(parsePeerId(text)).toEqual(key)
  })

  it('are the base58 that libp2p writes, whatever the key (IDN1)', () => {
    const random = seededRandom('base58')
    const edges = [0, 1, 0x7f, 0x80, 0xff].map((byte) => new Uint8Array(32).fill(byte))
    const prefix = bytesOf('002408011220')
    for (const key of [...edges, ...Array.from({ length: 300 }, () => random(32))]) {
      expect(formatPeerId(key)).toBe(base58btc.baseEncode(concatBytes(prefix, key)))
    }
  })

  it('take nothing but the base58 of an Ed25519 key', () => {
    const others = ['', 'palabre', text.slice(1), `${text}1`, `2${text.slice(1)}`, text.replace('D', '0')]
    for (const other of [
      ...others,
      `${text} `,
      'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N',
      '\u{1f33f}'.repeat(26),
    ]) {
      expect(parsePeerId(other), other).toBeUndefined()
    }
    expect(() => formatPeerId(utf8('short'))).toThrow(RangeError)
  })

  it('are shown by their last eight characters', () => {
    expect(shortPeerId('12D3KooWFV1AcwrvQKeqTfyyeZQvr8mWAJ3WVYRUzTtEMY5GzRxx')).toBe('MY5G·zRxx')
  })
})

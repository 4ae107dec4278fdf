import { readFileSync } from 'node:fs'
import { Point, verify } from '@noble/ed25519'
import { describe, expect, it } from 'vitest'
import { signingInput } from '../../../core/identity/domains.ts'
import { isPublicKeyBy } from '../../../core/identity/ed25519.ts'
import { generateKeyPair, signBytes } from '../../../core/identity/keys.ts'
import { runKeySelfTest, runSignatureSelfTest } from '../../../core/identity/self-test.ts'
import { createSignatureVerifier, type NativeVerify } from '../../../core/identity/signature.ts'
import { createNativeVerify, createNativeX25519 } from '../../../core/ingest/native-verify.ts'
import { fromHex, utf8 } from '../../../core/util/bytes.ts'
import { torsionPoint } from '../../harness/crafted-signatures.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const { secretKey, publicKey } = generateKeyPair()
const message = utf8('message')
const signature = signBytes(secretKey, message)

describe('createSignatureVerifier', () => {
  it('asks the native verifier only about what meets SIG1 … SIG3', () => {
    const asked: Uint8Array[] = []
    const native = (key: Uint8Array) => asked.push(key) > 0
    const verifier = createSignatureVerifier({ native })
    expect(verifier.verify(torsionPoint(1).toBytes(), message, signature)).toBe('bad-key')
    expect(verifier.verify(publicKey, message, signature.slice(1))).toBe('bad-signature')
    expect(verifier.verify(publicKey, message, new Uint8Array(64).fill(0xff))).toBe('bad-signature')
    expect(verifier.verify(publicKey, message, Uint8Array.of(1, ...new Uint8Array(63)))).toBe('bad-signature')
    expect(asked).toEqual([])
    expect(verifier.verify(publicKey, message, signature)).toBeNull()
    expect(asked).toEqual([publicKey])
  })

  it('falls back on the reference path when the native one throws', () => {
    const native = () => {
      throw new Error('unsupported')
    }
    const verifier = createSignatureVerifier({ native })
    expect(verifier.verify(publicKey, message, signature)).toBeNull()
    expect(verifier.verify(publicKey, utf8('another'), signature)).toBe('bad-signature')
  })

  it('gives the same answer when it has forgotten a key', () => {
    const verifier = createSignatureVerifier({ maxKeys: 1 })
    const small = torsionPoint(3).toBytes()
    for (let i = 0; i < 3; i++) {
      expect(verifier.verify(publicKey, message, signature)).toBeNull()
      expect(verifier.verify(small, message, signature)).toBe('bad-key')
      expect(verifier.verify(small, message, signature)).toBe('bad-key')
    }
  })
})

describe('createNativeVerify', () => {
  it('verifies with more keys than it keeps', () => {
    const native = createNativeVerify(2)
    for (let i = 0; i < 5; i++) {
      const pair = generateKeyPair()
      expect(native(pair.publicKey, message, signBytes(pair.secretKey, message))).toBe(true)
      expect(native(pair.publicKey, message, signature)).toBe(false)
    }
  })

  it('takes keys that are views of a larger buffer', () => {
    const buffer = new Uint8Array(100)
    buffer.set(publicKey, 7)
    expect(createNativeVerify(2)(buffer.subarray(7, 39), message, signature)).toBe(true)
  })
})

describe('runSignatureSelfTest', () => {
  it('passes for this Node.js', () => {
    expect(runSignatureSelfTest(createNativeVerify(2))).toBe(true)
  })

  it.each([
    ['accepts everything', () => true],
    ['accepts nothing', () => false],
    [
      'throws',
      () => {
        throw new Error('no Ed25519 here')
      },
    ],
  ])('fails for a verifier that %s', (_, native) => {
    expect(runSignatureSelfTest(native)).toBe(false)
  })
})

describe('keys judged by X25519', () => {
  const x25519 = createNativeX25519()
  const point = Point.fromBytes(publicKey)

  it('are those without a part of small order, of either sign, and no others (SIG1)', () => {
    const ask = (bytes: Uint8Array) =>
      createSignatureVerifier({ nativeX25519: x25519 }).verify(bytes, message, signature)
    for (let i = 0; i < 8; i++) {
      const mixed = point.add(torsionPoint(i))
      for (const key of [mixed, mixed.negate()]) expect(isPublicKeyBy(x25519, key.toBytes())).toBe(i === 0)
      expect(ask(torsionPoint(i).toBytes())).toBe('bad-key')
    }
    expect(ask(publicKey)).toBeNull()
  })

  it('have a point: half of all encodings have none (SIG1)', () => {
    const random = seededRandom('encodings without a point')
    let refused = 0
    for (let i = 0; i < 200; i++) {
      const bytes = random(32)
      const hasPoint = decodesToPoint(bytes)
      if (!hasPoint) expect(isPublicKeyBy(x25519, bytes)).toBe(false)
      if (!hasPoint) refused++
    }
    expect(refused).toBeGreaterThan(60)
  })

  it('have the canonical encoding (SIG1)', () => {
    for (let n = 0; n < 19; n++) {
      const bytes = new Uint8Array(32).fill(0xff)
      bytes[0] = 0xed + n
      for (const top of [0x7f, 0xff]) {
        bytes[31] = top
        expect(isPublicKeyBy(x25519, bytes)).toBe(false)
      }
    }
  })

  it('are judged by the reference path where the platform throws', () => {
    const nativeX25519 = () => {
      throw new Error('unsupported')
    }
    const verifier = createSignatureVerifier({ nativeX25519 })
    expect(verifier.verify(publicKey, message, signature)).toBeNull()
    expect(verifier.verify(point.add(torsionPoint(1)).toBytes(), message, signature)).toBe('bad-key')
  })

  it('rest on a self-test that this Node.js passes, and others would not', () => {
    expect(runKeySelfTest(x25519)).toBe(true)
    expect(runKeySelfTest((_, u) => u)).toBe(false)
    expect(runKeySelfTest((_, u) => u.map((byte) => ~byte))).toBe(false)
    expect(
      runKeySelfTest(() => {
        throw new Error('no X25519 here')
      }),
    ).toBe(false)
  })
})

function decodesToPoint(bytes: Uint8Array): boolean {
  try {
    return Point.fromBytes(bytes).toBytes().length === 32
  } catch {
    return false
  }
}

describe('the rule beside other rules', () => {
  const cofactored: NativeVerify = (key, text, bytes) => verify(bytes, text, key, { zip215: false })

  it('has a self-test that a verifier with the cofactor fails', () => {
    expect(runSignatureSelfTest(cofactored)).toBe(false)
  })

  it('refuses twelve crafted signatures of which other rules take some', () => {
    const text = readFileSync(new URL('../../vectors/ed25519-speccheck.json', import.meta.url), 'utf8')
    const cases = (JSON.parse(text) as { cases: Record<'pub_key' | 'message' | 'signature', string>[] }).cases
    const ask = (judge: NativeVerify) =>
      cases.filter((one) => judge(bytesOf(one.pub_key), bytesOf(one.message), bytesOf(one.signature))).length
    const rule = createSignatureVerifier()
    expect(ask((key, text, bytes) => rule.verify(key, text, bytes) === null)).toBe(0)
    expect(ask(cofactored)).toBeGreaterThan(0)
    expect(ask((key, text, bytes) => verify(bytes, text, key))).toBeGreaterThan(ask(cofactored))
  })
})

const bytesOf = (hex: string) => fromHex(hex) as Uint8Array

describe('signingInput', () => {
  it('separates networks and purposes (SIG5)', () => {
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
    expect(text(signingInput('record', utf8('x')))).toBe('palabre/record/1\0x')
    expect(text(signingInput('key', utf8(''), 'elsewhere'))).toBe('elsewhere/key/1\0')
  })
})

import { describe, expect, it } from 'vitest'
import { x25519SharedSecret } from '../../../core/identity/ed25519.ts'
import { deriveBytes, sha256 } from '../../../core/identity/hash.ts'
import { generateSealKeyPair, type KeyPair } from '../../../core/identity/keys.ts'
import {
  grantPrivateKey,
  type KeyGrant,
  newPrivateKey,
  openGrant,
  openPrivateBytes,
  privateKeyId,
  recipientId,
  sealPrivateBytes,
} from '../../../core/identity/private-seal.ts'
import { encryptBytes } from '../../../core/identity/vault-cipher.ts'
import { wordsSlotKey, wordsSlotKeyPair } from '../../../core/identity/vault-slots.ts'
import { concatBytes, toHex, utf8 } from '../../../core/util/bytes.ts'
import { nodeHChaCha20, nodeOpenBox, nodeOpenGrant } from '../../harness/node-sealing.ts'
import { seededRandom } from '../../harness/seeded-random.ts'

const random = seededRandom('private seal')
const address = random(32)
const key = newPrivateKey(random)
const keyId = privateKeyId(key)
const plaintext = utf8('un banc au soleil')
const box = sealPrivateBytes({ key, address, plaintext, random })
const laptop = generateSealKeyPair(random)
const grant = granted(laptop.publicKey)

function granted(recipient: Uint8Array): KeyGrant {
  return grantPrivateKey({ key, address, recipient, random }) as KeyGrant
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.with(bit >> 3, (bytes[bit >> 3] as number) ^ (1 << (bit & 7)))
}

describe('the judge of these tests', () => {
  it('makes the key that the draft of XChaCha publishes (section 2.2.1)', () => {
    const published = Uint8Array.from({ length: 32 }, (_, i) => i)
    const nonce = Buffer.from('000000090000004a0000000031415927', 'hex')
    expect(nodeHChaCha20(published, nonce).toString('hex')).toBe(
      '82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc',
    )
  })
})

describe('a box', () => {
  it('opens with its key, for its author, here and on another implementation (REC19)', () => {
    expect(openPrivateBytes({ key, address, box })).toEqual(plaintext)
    expect(nodeOpenBox(key, address, box)).toEqual(Buffer.from(plaintext))
    expect(box).toHaveLength(24 + plaintext.length + 16)
  })

  it('opens with no other key and in no other author’s record (REC19)', () => {
    expect(openPrivateBytes({ key: newPrivateKey(random), address, box })).toBeUndefined()
    expect(openPrivateBytes({ key, address: random(32), box })).toBeUndefined()
  })

  it('is found changed whichever bit is flipped (REC19)', () => {
    for (let bit = 0; bit < 8 * box.length; bit++) {
      expect(openPrivateBytes({ key, address, box: flipped(box, bit) }), `bit ${bit}`).toBeUndefined()
    }
  })

  it('has a new nonce each time: what is said twice does not look alike (REC19)', () => {
    const again = sealPrivateBytes({ key, address, plaintext })
    expect(toHex(again.subarray(0, 24))).not.toBe(toHex(box.subarray(0, 24)))
    expect(toHex(again.subarray(24))).not.toBe(toHex(box.subarray(24)))
    expect(openPrivateBytes({ key, address, box: again })).toEqual(plaintext)
  })

  it('answers bytes of any length without throwing (REC19)', () => {
    for (const length of [0, 1, 23, 24, 39, 40, 41, 256]) {
      expect(openPrivateBytes({ key, address, box: random(length) }), `${length} bytes`).toBeUndefined()
      expect(openPrivateBytes({ key: random(length), address, box }), `a key of ${length} bytes`).toBeUndefined()
      expect(openPrivateBytes({ key, address: random(length), box }), `an address of ${length} bytes`).toBeUndefined()
    }
  })

  it('is not made with a key or for an address of another length', () => {
    expect(() => sealPrivateBytes({ key: random(31), address, plaintext })).toThrow('a private key is 32 bytes, got 31')
    expect(() => sealPrivateBytes({ key, address: random(8), plaintext })).toThrow('an address is 32 bytes, got 8')
  })
})

describe('a grant', () => {
  it('gives the key to a device, here and on another implementation (REC21)', () => {
    expect(openGrant({ grant, keyId, address, recipient: laptop })).toEqual(key)
    expect(nodeOpenGrant(laptop.secretKey, grant, address, keyId)).toEqual(Buffer.from(key))
    expect(grant.recipient).toEqual(recipientId(laptop.publicKey))
  })

  it('gives the key to the words, for whom only their public half is needed (REC21, VLT7)', () => {
    const entropy = random(32)
    const forWords = granted(wordsSlotKey(entropy))
    expect(openGrant({ grant: forWords, keyId, address, recipient: wordsSlotKeyPair(entropy) })).toEqual(key)
    expect(openGrant({ grant: forWords, keyId, address, recipient: wordsSlotKeyPair(random(32)) })).toBeUndefined()
  })

  it('gives it to nobody else, whatever name it is given (REC21)', () => {
    const phone = generateSealKeyPair(random)
    const renamed = { ...grant, recipient: recipientId(phone.publicKey) }
    expect(openGrant({ grant, keyId, address, recipient: phone })).toBeUndefined()
    expect(openGrant({ grant: renamed, keyId, address, recipient: phone })).toBeUndefined()
  })

  it('is worth nothing in the record of another author or beside another key (REC21)', () => {
    expect(openGrant({ grant, keyId, address: random(32), recipient: laptop })).toBeUndefined()
    expect(openGrant({ grant, keyId: privateKeyId(random(32)), address, recipient: laptop })).toBeUndefined()
  })

  it('is found changed whichever byte is (REC21)', () => {
    for (const field of ['recipient', 'once', 'wrapped'] as const) {
      for (let at = 0; at < grant[field].length; at++) {
        const changed = { ...grant, [field]: flipped(grant[field], 8 * at + (at % 7)) }
        expect(openGrant({ grant: changed, keyId, address, recipient: laptop }), `${field} ${at}`).toBeUndefined()
      }
    }
  })

  it('opens none that names the id of one key and wraps another (REC21)', () => {
    const wrong = wrapLike(laptop, newPrivateKey(random))
    expect(openGrant({ grant: wrong, keyId, address, recipient: laptop })).toBeUndefined()
    const right = wrapLike(laptop, key)
    expect(openGrant({ grant: right, keyId, address, recipient: laptop })).toEqual(key)
  })

  it.each([
    ['of small order', new Uint8Array(32)],
    ['on the twist', Uint8Array.of(2, ...new Uint8Array(31))],
    ['of 31 bytes', laptop.publicKey.slice(1)],
    ['of no bytes', new Uint8Array()],
  ])('is not made for a key %s, nor opened by one (VLT7)', (_, bytes) => {
    expect(grantPrivateKey({ key, address, recipient: bytes, random })).toBeUndefined()
    expect(openGrant({ grant: { ...grant, once: bytes }, keyId, address, recipient: laptop })).toBeUndefined()
  })

  it('has a key of its own each time (REC21)', () => {
    const again = grantPrivateKey({ key, address, recipient: laptop.publicKey }) as KeyGrant
    expect(toHex(again.once)).not.toBe(toHex(grant.once))
    expect(toHex(again.wrapped)).not.toBe(toHex(grant.wrapped))
  })

  it('is not made of a key of another length', () => {
    expect(() => grantPrivateKey({ key: random(16), address, recipient: laptop.publicKey })).toThrow(RangeError)
    expect(() => grantPrivateKey({ key, address: random(31), recipient: laptop.publicKey })).toThrow(RangeError)
  })
})

/** A grant beside `keyId` that wraps any key, made as REC21 says. */
function wrapLike(recipient: KeyPair, wrapped: Uint8Array): KeyGrant {
  const once = generateSealKeyPair(random)
  const shared = x25519SharedSecret(once.secretKey, recipient.publicKey) as Uint8Array
  const info = utf8('palabre/private-grant/1')
  const wrappingKey = deriveBytes(concatBytes(shared, once.publicKey, recipient.publicKey), info, 32)
  const associated = concatBytes(utf8('palabre/private-grant/1\0'), address, keyId)
  return {
    recipient: sha256(recipient.publicKey).slice(0, 8),
    once: once.publicKey,
    wrapped: encryptBytes(wrappingKey, new Uint8Array(24), wrapped, associated),
  }
}

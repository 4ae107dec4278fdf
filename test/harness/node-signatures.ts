/** Signing and plain verification by node:crypto, many times as fast as our own; for tests that need thousands. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { keyPairFromSeed } from '../../core/identity/keys.ts'

export interface NodeSigner {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

/** DER of a PKCS #8 Ed25519 key up to its seed (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export function nodeSignerOf(seed: Uint8Array): NodeSigner {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  return {
    publicKey: keyPairFromSeed(seed).publicKey,
    sign: (message) => Uint8Array.from(sign(null, message, key)),
  }
}

/** Only keys of a test get here: a handful. */
const keys = new Map<string, KeyObject>()
let last = { publicKey: '', message: Buffer.alloc(0), signature: Buffer.alloc(0), isValid: false }

/**
 * By node:crypto alone; for keys that are known to meet SIG1. The last answer is remembered: a fuzz test asks once for
 * the code under test and once for the judge.
 */
export function isSignedByNode(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url')
  if (last.publicKey === x && last.message.equals(message) && last.signature.equals(signature)) return last.isValid
  const key = keys.get(x) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  keys.set(x, key)
  const isValid = verify(null, message, key, signature)
  last = { publicKey: x, message: Buffer.from(message), signature: Buffer.from(signature), isValid }
  return isValid
}

import { createPrivateKey, createPublicKey } from 'node:crypto'
import { keyPairFromSeed } from '../identity/keys.ts'

/** DER of a PKCS#8 for Ed25519 up to the seed (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const KEY_BYTES = 32

/**
 * The Ed25519 key of a 32-byte seed by Node.js itself, 32 bytes: the reference makes its tables first, and whoever starts a
 * node would wait for that. @throws RangeError for a seed of another length
 */
export function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== KEY_BYTES) throw new RangeError(`a seed is ${KEY_BYTES} bytes, got ${seed.length}`)
  try {
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
    const whole = createPublicKey(key).export({ format: 'der', type: 'spki' })
    return Uint8Array.from(whole.subarray(-KEY_BYTES))
  } catch {
    return keyPairFromSeed(seed).publicKey
  }
}

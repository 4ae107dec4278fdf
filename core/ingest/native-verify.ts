import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { NativeVerify, NativeVerifyAside } from '../identity/signature.ts'
import { LruMap } from '../util/lru-map.ts'

/** DER of a SubjectPublicKeyInfo for Ed25519 up to the key itself (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Node.js's own Ed25519 verification with key objects kept for the `maxKeys` most recently used keys: making one costs
 * about as much as a verification. Only for inputs that meet SIG1 … SIG3, and only after runSignatureSelfTest.
 */
export function createNativeVerify(maxKeys: number): NativeVerify {
  const keyOf = keepKeys(maxKeys)
  return (publicKey, message, signature) => verify(null, message, keyOf(publicKey), signature)
}

/** The same in the thread pool, where many at a time use every core. Rejects where the other throws. */
export function createNativeVerifyAside(maxKeys: number): NativeVerifyAside {
  const keyOf = keepKeys(maxKeys)
  return (publicKey, message, signature) =>
    new Promise((resolve, reject) => {
      verify(null, message, keyOf(publicKey), signature, (error, isValid) => {
        if (error === null) resolve(isValid)
        else reject(error)
      })
    })
}

function keepKeys(maxKeys: number): (publicKey: Uint8Array) => KeyObject {
  const keys = new LruMap<string, KeyObject>(maxKeys)
  return (publicKey) => {
    const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('latin1')
    let key = keys.get(name)
    if (key === undefined) {
      key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
      keys.set(name, key)
    }
    return key
  }
}

import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, verify } from 'node:crypto'
import type { NativeX25519 } from '../identity/ed25519.ts'
import type { NativeVerify, NativeVerifyAside } from '../identity/signature.ts'
import { equalBytes } from '../util/bytes.ts'
import { RecentMap } from '../util/recent-map.ts'

/** DER of a SubjectPublicKeyInfo for Ed25519 up to the key itself (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** The same for X25519, and DER of its PKCS#8 up to the scalar. */
const X25519_SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const X25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')

/**
 * Node.js's own Ed25519 verification with key objects kept for the `maxKeys` most recently used keys: making one costs
 * about as much as a verification. Only for inputs that meet SIG1 … SIG3, and only after runSignatureSelfTest.
 */
export function createNativeVerify(maxKeys: number, keyOf = keepKeys(maxKeys)): NativeVerify {
  return (publicKey, message, signature) => verify(null, message, keyOf(publicKey), signature)
}

/**
 * The same in the thread pool, where many at a time use every core. Rejects where the other throws. `keyOf` is shared
 * with the other: a device's key has been used on its chain before its first record comes.
 */
export function createNativeVerifyAside(maxKeys: number, keyOf = keepKeys(maxKeys)): NativeVerifyAside {
  return (publicKey, message, signature) =>
    new Promise((resolve, reject) => {
      verify(null, message, keyOf(publicKey), signature, (error, isValid) => {
        if (error === null) resolve(isValid)
        else reject(error)
      })
    })
}

/** Node.js's own X25519, for public scalars: the one that was used last is kept. Only after runKeySelfTest. */
export function createNativeX25519(): NativeX25519 {
  let last: { readonly scalar: Uint8Array; readonly key: KeyObject } | null = null
  return (scalar, u) => {
    if (last === null || !equalBytes(last.scalar, scalar)) {
      const key = createPrivateKey({ key: Buffer.concat([X25519_PKCS8_PREFIX, scalar]), format: 'der', type: 'pkcs8' })
      last = { scalar: Uint8Array.from(scalar), key }
    }
    const publicKey = createPublicKey({ key: Buffer.concat([X25519_SPKI_PREFIX, u]), format: 'der', type: 'spki' })
    return diffieHellman({ privateKey: last.key, publicKey })
  }
}

/** Key objects by the raw key, those that were used lately: about 2 kB each. */
export function keepKeys(maxKeys: number): (publicKey: Uint8Array) => KeyObject {
  const keys = new RecentMap<string, KeyObject>(maxKeys)
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

import { type RandomSource, systemRandom } from '../util/random.ts'
import { ed25519PublicKey, ed25519Sign, x25519PublicKey } from './ed25519.ts'

export interface KeyPair {
  /** 32-byte seed, not the 64-byte expanded key. */
  readonly secretKey: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A new Ed25519 key. */
export function generateKeyPair(random: RandomSource = systemRandom): KeyPair {
  return keyPairFromSeed(random(32))
}

/** The Ed25519 key of a 32-byte seed, which is taken over as `secretKey`. */
export function keyPairFromSeed(seed: Uint8Array): KeyPair {
  if (seed.length !== 32) throw new RangeError(`a seed is 32 bytes, got ${seed.length}`)
  return { secretKey: seed, publicKey: ed25519PublicKey(seed) }
}

/** Signs `message` as it is: domain separation is the caller's (`signingInput`). 64 bytes. */
export function signBytes(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519Sign(secretKey, message)
}

/** A new X25519 key, for what is sealed to a device. */
export function generateSealKeyPair(random: RandomSource = systemRandom): KeyPair {
  return sealKeyPairFromSeed(random(32))
}

/** The X25519 key of a 32-byte secret, which is taken over as `secretKey`. */
export function sealKeyPairFromSeed(seed: Uint8Array): KeyPair {
  if (seed.length !== 32) throw new RangeError(`a seal seed is 32 bytes, got ${seed.length}`)
  return { secretKey: seed, publicKey: x25519PublicKey(seed) }
}

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'

export const CIPHER_KEY_BYTES = 32
export const CIPHER_NONCE_BYTES = 24
export const CIPHER_TAG_BYTES = 16

/** XChaCha20-Poly1305: ciphertext with its 16-byte tag. `associated` is authenticated, not hidden. */
export function encryptBytes(
  key: Uint8Array,
  nonce: Uint8Array,
  plain: Uint8Array,
  associated: Uint8Array,
): Uint8Array {
  return xchacha20poly1305(key, nonce, associated).encrypt(plain)
}

/** The plain bytes, undefined when anything was changed or the key is another. */
export function decryptBytes(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  try {
    return xchacha20poly1305(key, nonce, associated).decrypt(sealed)
  } catch {
    return undefined
  }
}

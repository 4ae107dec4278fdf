import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 as sha256Of, sha512 as sha512Of } from '@noble/hashes/sha2.js'

/** 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256Of(bytes)
}

/** 64 bytes. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return sha512Of(bytes)
}

/** HKDF-SHA256 (RFC 5869) without salt: `length` bytes that belong to `info` alone. */
export function deriveBytes(secret: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sha256Of, secret, undefined, info, length)
}

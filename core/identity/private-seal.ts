/**
 * Sealing of private records (REC19, REC21). A private key of 32 random bytes, which belongs to one address, seals
 * boxes; grants give it to X25519 keys: those of the author's devices, and the one that the words have for vaults.
 *
 *   box     = nonce (24) ‖ XChaCha20-Poly1305 under the private key
 *   wrapped = XChaCha20-Poly1305 of the private key, nonce of zeros, under
 *             HKDF-SHA256(X25519(once, recipient) ‖ once ‖ recipient)
 *
 * Address and id of the private key are authenticated with both, so that neither means anything elsewhere.
 */
import { concatBytes, equalBytes, utf8 } from '../util/bytes.ts'
import { type RandomSource, systemRandom } from '../util/random.ts'
import { x25519SharedSecret } from './ed25519.ts'
import { deriveBytes, sha256 } from './hash.ts'
import { generateSealKeyPair, type KeyPair } from './keys.ts'
import { CIPHER_KEY_BYTES, CIPHER_NONCE_BYTES, CIPHER_TAG_BYTES, decryptBytes, encryptBytes } from './vault-cipher.ts'

export const PRIVATE_KEY_ID_BYTES = 8
export const RECIPIENT_ID_BYTES = 8
export const GRANT_ONCE_BYTES = 32
export const GRANT_WRAPPED_BYTES = CIPHER_KEY_BYTES + CIPHER_TAG_BYTES
/** What sealing adds to the length: nonce and tag. */
export const PRIVATE_SEAL_BYTES = CIPHER_NONCE_BYTES + CIPHER_TAG_BYTES

const ADDRESS_BYTES = 32
const BOX_PREFIX = utf8('palabre/private/1\0')
const GRANT_PREFIX = utf8('palabre/private-grant/1\0')
const GRANT_WRAP_INFO = utf8('palabre/private-grant/1')
/** A wrapping key comes from a key made for one grant and wraps once: its nonce need not differ. */
const GRANT_NONCE = new Uint8Array(CIPHER_NONCE_BYTES)

/** A private key for one recipient, as it stands in a private record. */
export interface KeyGrant {
  /** recipientId of the public key that it is for, 8 bytes. */
  readonly recipient: Uint8Array
  /** X25519 public key made for this grant, 32 bytes. */
  readonly once: Uint8Array
  /** The wrapped key, 48 bytes. */
  readonly wrapped: Uint8Array
}

/** A new key for private records, 32 bytes. */
export function newPrivateKey(random: RandomSource = systemRandom): Uint8Array {
  return random(CIPHER_KEY_BYTES)
}

/** What a private record says of its key: the first 8 bytes of sha256 of the key. */
export function privateKeyId(key: Uint8Array): Uint8Array {
  return sha256(key).slice(0, PRIVATE_KEY_ID_BYTES)
}

/** What a grant says of its recipient: the first 8 bytes of sha256 of the X25519 public key. */
export function recipientId(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, RECIPIENT_ID_BYTES)
}

export interface PrivateSealInit {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** The author's address, 32 bytes. */
  readonly address: Uint8Array
  /** Padded by whoever seals: the box is 40 bytes longer. */
  readonly plaintext: Uint8Array
  readonly random?: RandomSource
}

/**
 * The box, with a fresh nonce.
 *
 * @throws RangeError for a key or an address that isn't 32 bytes
 */
export function sealPrivateBytes({ key, address, plaintext, random = systemRandom }: PrivateSealInit): Uint8Array {
  assertLength('a private key', key, CIPHER_KEY_BYTES)
  const nonce = random(CIPHER_NONCE_BYTES)
  const associated = associatedBytes(BOX_PREFIX, address, privateKeyId(key))
  return concatBytes(nonce, encryptBytes(key, nonce, plaintext, associated))
}

export interface PrivateOpenInit {
  readonly key: Uint8Array
  /** Address of the author whose record has the box. */
  readonly address: Uint8Array
  readonly box: Uint8Array
}

/** What was sealed, still padded; undefined when a byte was changed or key or address are others. */
export function openPrivateBytes({ key, address, box }: PrivateOpenInit): Uint8Array | undefined {
  if (key.length !== CIPHER_KEY_BYTES || address.length !== ADDRESS_BYTES) return undefined
  if (box.length < PRIVATE_SEAL_BYTES) return undefined
  const nonce = box.subarray(0, CIPHER_NONCE_BYTES)
  const associated = associatedBytes(BOX_PREFIX, address, privateKeyId(key))
  return decryptBytes(key, nonce, box.subarray(CIPHER_NONCE_BYTES), associated)
}

export interface GrantInit {
  /** The private key, 32 bytes. */
  readonly key: Uint8Array
  /** The author's address, 32 bytes. */
  readonly address: Uint8Array
  /** X25519 public key of a device (its seal key) or of the words (wordsSlotKey), 32 bytes. */
  readonly recipient: Uint8Array
  readonly random?: RandomSource
}

/**
 * The key for one recipient; undefined for bytes that are no public key of ours (VLT7).
 *
 * @throws RangeError for a key or an address that isn't 32 bytes
 */
export function grantPrivateKey({ key, address, recipient, random = systemRandom }: GrantInit): KeyGrant | undefined {
  assertLength('a private key', key, CIPHER_KEY_BYTES)
  const associated = associatedBytes(GRANT_PREFIX, address, privateKeyId(key))
  const once = generateSealKeyPair(random)
  const wrappingKey = grantWrappingKey(once.secretKey, recipient, once.publicKey, recipient)
  if (wrappingKey === undefined) return undefined
  const wrapped = encryptBytes(wrappingKey, GRANT_NONCE, key, associated)
  return { recipient: recipientId(recipient), once: once.publicKey, wrapped }
}

export interface GrantOpenInit {
  readonly grant: KeyGrant
  /** Key id that stands beside the grant. */
  readonly keyId: Uint8Array
  /** Address of the author whose record has the grant. */
  readonly address: Uint8Array
  /** X25519 key of this device (from its seal seed) or of the words (wordsSlotKeyPair). */
  readonly recipient: KeyPair
}

/**
 * The private key; undefined when the grant is for another recipient, author or key, or was changed. A grant of a key
 * that doesn't have that id is none: what is opened is the key with the id.
 */
export function openGrant({ grant, keyId, address, recipient }: GrantOpenInit): Uint8Array | undefined {
  const { once, wrapped } = grant
  if (once.length !== GRANT_ONCE_BYTES || wrapped.length !== GRANT_WRAPPED_BYTES) return undefined
  if (address.length !== ADDRESS_BYTES || keyId.length !== PRIVATE_KEY_ID_BYTES) return undefined
  if (!equalBytes(grant.recipient, recipientId(recipient.publicKey))) return undefined
  const wrappingKey = grantWrappingKey(recipient.secretKey, once, once, recipient.publicKey)
  if (wrappingKey === undefined) return undefined
  const key = decryptBytes(wrappingKey, GRANT_NONCE, wrapped, associatedBytes(GRANT_PREFIX, address, keyId))
  return key !== undefined && equalBytes(privateKeyId(key), keyId) ? key : undefined
}

/** HKDF of the X25519 secret and both public keys; undefined for bytes that are no public key of ours. */
function grantWrappingKey(
  secret: Uint8Array,
  other: Uint8Array,
  once: Uint8Array,
  recipient: Uint8Array,
): Uint8Array | undefined {
  const shared = x25519SharedSecret(secret, other)
  if (shared === undefined) return undefined
  return deriveBytes(concatBytes(shared, once, recipient), GRANT_WRAP_INFO, CIPHER_KEY_BYTES)
}

function associatedBytes(prefix: Uint8Array, address: Uint8Array, keyId: Uint8Array): Uint8Array {
  assertLength('an address', address, ADDRESS_BYTES)
  return concatBytes(prefix, address, keyId)
}

function assertLength(name: string, bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected) throw new RangeError(`${name} is ${expected} bytes, got ${bytes.length}`)
}

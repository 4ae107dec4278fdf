/**
 * Key slots of the vault (VLT5 … VLT9): each gives the data key to whoever can open that slot. A slot is a map with
 * `type`; the wrapped kinds have `nonce` and `key` (XChaCha20-Poly1305 of the data key; the other fields are
 * authenticated with it) and `sum`, a checksum that tells a damaged slot from a key that doesn't fit.
 */
import { type CborMap, type CborValue, encodeCbor } from '../codec/dag-cbor.ts'
import { concatBytes, equalBytes, utf8 } from '../util/bytes.ts'
import type { PalabreError } from '../util/errors.ts'
import type { RandomSource } from '../util/random.ts'
import { x25519SharedSecret } from './ed25519.ts'
import { deriveBytes, sha256 } from './hash.ts'
import { generateSealKeyPair, type KeyPair, sealKeyPairFromSeed } from './keys.ts'
import {
  MAX_PASSPHRASE_COST,
  normalizePassphrase,
  PASSPHRASE_COST,
  type PassphraseCost,
  type PassphraseKdf,
} from './passphrase.ts'
import { CIPHER_KEY_BYTES, CIPHER_NONCE_BYTES, CIPHER_TAG_BYTES, decryptBytes, encryptBytes } from './vault-cipher.ts'
import { VaultDamagedError, VaultLockedError, WrongPassphraseError, WrongWordsError } from './vault-errors.ts'

const SUM_BYTES = 8
const SALT_BYTES = 16
const WRAPPED_BYTES = CIPHER_KEY_BYTES + CIPHER_TAG_BYTES
/** argon2 needs 8 KiB for each lane. */
const MIN_KIB_PER_LANE = 8
const PASSPHRASE_KDF = 'argon2id'
const WORDS_SECRET_INFO = utf8('palabre/vault-words/1')
const WORDS_WRAP_INFO = utf8('palabre/vault-words-slot/1')

/** Something that may open slots: a passphrase, the words, later the system's keychain. Holds a secret. */
export interface VaultOpener {
  /** True for slots that are to be tried. */
  handles(slot: CborMap): boolean
  /**
   * The data key, undefined when the slot belongs to another key.
   *
   * @throws VaultDamagedError for a slot whose fields don't fit together, VaultLockedError for one over the caps
   */
  open(slot: CborMap): Uint8Array | undefined
  /** What to say when no slot opened. */
  mismatch(): PalabreError
}

export interface PassphraseInit {
  readonly passphrase: string
  readonly kdf: PassphraseKdf
  /** PASSPHRASE_COST unless given. */
  readonly cost?: PassphraseCost
}

/** The slot that holds the data key itself. */
export function openSlot(dataKey: Uint8Array): CborMap {
  return { type: 'open', key: dataKey }
}

/** The data key of an 'open' slot, undefined for other slots. */
export function keyOfOpenSlot(slot: CborMap): Uint8Array | undefined {
  return slot.type === 'open' && isBytes(slot.key, CIPHER_KEY_BYTES) ? slot.key : undefined
}

/** @throws BadPassphraseError */
export function passphraseSlot(dataKey: Uint8Array, init: PassphraseInit, random: RandomSource): CborMap {
  const { memoryKiB, passes, lanes } = init.cost ?? PASSPHRASE_COST
  const salt = random(SALT_BYTES)
  const wrappingKey = init.kdf(normalizePassphrase(init.passphrase), salt, { memoryKiB, passes, lanes })
  return wrap(wrappingKey, dataKey, { type: 'passphrase', kdf: PASSPHRASE_KDF, memoryKiB, passes, lanes, salt }, random)
}

/** Tries a passphrase on the passphrase slots. @throws BadPassphraseError */
export function passphraseOpener(passphrase: string, kdf: PassphraseKdf): VaultOpener {
  const bytes = normalizePassphrase(passphrase)
  return {
    handles: (slot) => slot.type === 'passphrase',
    open(slot) {
      checkSum(slot)
      const { salt, ...cost } = readPassphraseSlot(slot)
      return unwrap(kdf(bytes, salt, cost), slot)
    },
    mismatch: () => new WrongPassphraseError(),
  }
}

/** The X25519 key that the words have for vaults and for grants of private keys (VLT7). */
export function wordsSlotKeyPair(wordsEntropy: Uint8Array): KeyPair {
  return sealKeyPairFromSeed(deriveBytes(wordsEntropy, WORDS_SECRET_INFO, 32))
}

/** Its public half: a slot for the words, or a grant, can be made again without the words. */
export function wordsSlotKey(wordsEntropy: Uint8Array): Uint8Array {
  return wordsSlotKeyPair(wordsEntropy).publicKey
}

/** A slot that the words of `publicKey` (wordsSlotKey) open. */
export function wordsSlot(dataKey: Uint8Array, publicKey: Uint8Array, random: RandomSource): CborMap {
  const once = generateSealKeyPair(random)
  const wrappingKey = wordsWrappingKey(once.secretKey, publicKey, once.publicKey, publicKey)
  if (wrappingKey === undefined) throw new RangeError('the key of the words is no public key')
  return wrap(wrappingKey, dataKey, { type: 'words', publicKey, once: once.publicKey }, random)
}

/** The public key of a words slot, undefined for other slots. */
export function keyOfWordsSlot(slot: CborMap): Uint8Array | undefined {
  return slot.type === 'words' && isBytes(slot.publicKey, 32) ? slot.publicKey : undefined
}

/** Tries the 32 bytes that the words stand for on the words slots. */
export function wordsOpener(wordsEntropy: Uint8Array): VaultOpener {
  const own = wordsSlotKeyPair(wordsEntropy)
  return {
    handles: (slot) => slot.type === 'words',
    open(slot) {
      checkSum(slot)
      const { publicKey, once } = slot
      if (!isBytes(publicKey, 32) || !isBytes(once, 32)) throw new VaultDamagedError('its words slot is incomplete')
      if (!equalBytes(publicKey, own.publicKey)) return undefined
      const wrappingKey = wordsWrappingKey(own.secretKey, once, once, publicKey)
      return wrappingKey === undefined ? undefined : unwrap(wrappingKey, slot)
    },
    mismatch: () => new WrongWordsError(),
  }
}

/** Opens exactly the slots whose data key is known already, without asking for anything again. */
export function knownKeyOpener(dataKey: Uint8Array, slots: readonly CborMap[]): VaultOpener {
  const known = slots.map((slot) => encodeCbor(slot))
  const handles = (slot: CborMap) => {
    const bytes = encodeCbor(slot)
    return known.some((other) => equalBytes(other, bytes))
  }
  return { handles, open: () => dataKey, mismatch: () => new VaultLockedError([]) }
}

/** HKDF of the X25519 secret and both public keys; undefined for bytes that are no public key of ours. */
function wordsWrappingKey(
  secret: Uint8Array,
  other: Uint8Array,
  once: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  const shared = x25519SharedSecret(secret, other)
  if (shared === undefined) return undefined
  return deriveBytes(concatBytes(shared, once, publicKey), WORDS_WRAP_INFO, CIPHER_KEY_BYTES)
}

function readPassphraseSlot(slot: CborMap): PassphraseCost & { readonly salt: Uint8Array } {
  const { kdf, memoryKiB, passes, lanes, salt } = slot
  if (kdf !== PASSPHRASE_KDF) throw new VaultLockedError([], 'its passphrase slot is of a later version')
  if (!isCount(memoryKiB) || !isCount(passes) || !isCount(lanes) || !isBytes(salt, SALT_BYTES)) {
    throw new VaultDamagedError('its passphrase slot is incomplete')
  }
  const { memoryKiB: maxKiB, passes: maxPasses, lanes: maxLanes } = MAX_PASSPHRASE_COST
  if (memoryKiB > maxKiB || passes > maxPasses || lanes > maxLanes) {
    throw new VaultLockedError(
      [],
      `its passphrase asks for ${memoryKiB} KiB, ${passes} passes, ${lanes} lanes; limits ${maxKiB}, ${maxPasses}, ${maxLanes}`,
    )
  }
  if (memoryKiB < MIN_KIB_PER_LANE * lanes) throw new VaultDamagedError(`its passphrase asks for ${memoryKiB} KiB`)
  return { memoryKiB, passes, lanes, salt }
}

function wrap(wrappingKey: Uint8Array, dataKey: Uint8Array, fields: CborMap, random: RandomSource): CborMap {
  const nonce = random(CIPHER_NONCE_BYTES)
  const slot = { ...fields, nonce, key: encryptBytes(wrappingKey, nonce, dataKey, encodeCbor(fields)) }
  return { ...slot, sum: sumOf(slot) }
}

function unwrap(wrappingKey: Uint8Array, slot: CborMap): Uint8Array | undefined {
  const { nonce, key, sum: _sum, ...fields } = slot
  if (!isBytes(nonce, CIPHER_NONCE_BYTES) || !isBytes(key, WRAPPED_BYTES)) {
    throw new VaultDamagedError('a slot has no wrapped key')
  }
  return decryptBytes(wrappingKey, nonce, key, encodeCbor(fields))
}

function sumOf(fields: CborMap): Uint8Array {
  return sha256(encodeCbor(fields)).slice(0, SUM_BYTES)
}

function checkSum(slot: CborMap): void {
  const { sum, ...fields } = slot
  if (!isBytes(sum, SUM_BYTES) || !equalBytes(sum, sumOf(fields))) {
    throw new VaultDamagedError('a slot does not match its checksum')
  }
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

function isCount(value: CborValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}

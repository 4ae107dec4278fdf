/**
 * The file that holds this device's secrets, bytes in and bytes out (VLT rules in docs/protocol/identity.md).
 *
 *   "palabre-vault\n" ‖ version (1 byte) ‖ DAG-CBOR [[slot map, …], nonce24, ciphertext]
 *
 * A random data key encrypts the content with XChaCha20-Poly1305; each slot (vault-slots.ts) gives the data key to
 * whoever can open that slot. Everything before the nonce is authenticated, so a slot can't be changed unnoticed. The
 * slot 'open' holds the data key itself: the vault is unprotected, whoever reads the file reads the secrets, and the
 * app says so. Slots of kinds that this version doesn't know are kept, in their place, until the passphrase is set,
 * changed or removed: that takes a fresh data key, which the old slots, and whoever opened an old copy, don't have.
 */
import {
  type CborMap,
  type CborValue,
  CodecError,
  decodeCbor,
  encodeCbor,
  isCborArray,
  isCborMap,
} from '../codec/dag-cbor.ts'
import { concatBytes, equalBytes, utf8 } from '../util/bytes.ts'
import { type RandomSource, systemRandom } from '../util/random.ts'
import { CIPHER_KEY_BYTES, CIPHER_NONCE_BYTES, decryptBytes, encryptBytes } from './vault-cipher.ts'
import { VaultDamagedError, VaultLockedError, VaultNewerError } from './vault-errors.ts'
import {
  keyOfOpenSlot,
  keyOfWordsSlot,
  openSlot,
  type PassphraseInit,
  passphraseSlot,
  type VaultOpener,
  wordsSlot,
  wordsSlotKey,
} from './vault-slots.ts'

export const VAULT_VERSION = 1

const MAGIC = utf8('palabre-vault\n')
const PREAMBLE_BYTES = MAGIC.length + 1

/** Caps that hold before anything is decoded or computed: a file from elsewhere must not be able to ask for more. */
export const MAX_VAULT_BYTES = 1_048_576
export const MAX_VAULT_SLOTS = 16
const VAULT_CODEC_LIMITS = { maxDepth: 6, maxItems: 4_096, maxKeyBytes: 64 }

/** How an opened vault was locked; handed back to sealVault so that every slot goes on opening it. Holds a secret. */
export interface VaultLock {
  readonly dataKey: Uint8Array
  readonly slots: readonly CborMap[]
}

export interface VaultContent {
  /** Ed25519 seed of this device, 32 bytes. */
  readonly deviceSeed: Uint8Array
  /** X25519 secret of this device, 32 bytes. */
  readonly sealSeed: Uint8Array
  /** The identity's inception key, 32 bytes; null until there is an account. */
  readonly address: Uint8Array | null
  /** 32 bytes that stand for the 24 words, until their owner has confirmed them. */
  readonly wordsEntropy: Uint8Array | null
  /** What other versions keep here; carried along. Keys of this interface don't belong in it. */
  readonly extras?: CborMap
  /** Set by openVault, used by sealVault; a content without one gets a new data key in an 'open' slot. */
  readonly lock?: VaultLock
}

/** True when the file itself gives its secrets away: there is a slot 'open'. */
export function isVaultUnprotected(content: VaultContent): boolean {
  return content.lock === undefined || content.lock.slots.some((slot) => slot.type === 'open')
}

/** The file's bytes, with a fresh nonce. */
export function sealVault(content: VaultContent, init: { readonly random?: RandomSource } = {}): Uint8Array {
  const random = init.random ?? systemRandom
  const { lock = openLock(random), extras = {}, deviceSeed, sealSeed, address, wordsEntropy } = content
  const nonce = random(CIPHER_NONCE_BYTES)
  const plain = encodeCbor({ ...extras, deviceSeed, sealSeed, address, wordsEntropy })
  const sealed = encryptBytes(lock.dataKey, nonce, plain, associatedBytes(lock.slots))
  plain.fill(0)
  return concatBytes(preamble(), encodeCbor([lock.slots, nonce, sealed]))
}

/**
 * The content, by an 'open' slot or by the first slot that one of the openers opens.
 *
 * @throws VaultDamagedError, VaultNewerError; VaultLockedError when nothing was brought that could open it;
 * WrongPassphraseError, WrongWordsError when what was brought doesn't
 */
export function openVault(bytes: Uint8Array, openers: readonly VaultOpener[] = []): VaultContent {
  const { slots, nonce, sealed } = readFile(bytes)
  const dataKey = openSlots(slots, openers)
  const plain = decryptBytes(dataKey, nonce, sealed, associatedBytes(slots))
  if (plain === undefined) throw new VaultDamagedError('its content does not match its seal')
  return readContent(decode(plain), { dataKey, slots })
}

/** The slots of a vault that may be locked, not authenticated. @throws VaultDamagedError, VaultNewerError */
export function listVaultSlots(bytes: Uint8Array): readonly CborMap[] {
  return readFile(bytes).slots
}

/** True for the same slots in the same order: one vault before and after a change of its content. */
export function hasSameSlots(a: readonly CborMap[], b: readonly CborMap[]): boolean {
  return equalBytes(encodeCbor(a), encodeCbor(b))
}

/**
 * The content under a fresh data key, opened by the passphrase, and by the words where theirs are known.
 *
 * @throws BadPassphraseError
 */
export function protectVault(content: VaultContent, init: PassphraseInit, random: RandomSource): VaultContent {
  return relock(content, (dataKey) => passphraseSlot(dataKey, init, random), random)
}

/** The content under a fresh data key that lies open. */
export function unprotectVault(content: VaultContent, random: RandomSource): VaultContent {
  return relock(content, openSlot, random)
}

/** Public key of the words that have a slot (VLT7): what a second device needs for a slot of its own. */
export function wordsKeyOf(content: VaultContent): Uint8Array | null {
  return content.lock?.slots.map(keyOfWordsSlot).find((key) => key !== undefined) ?? null
}

/**
 * The content with a slot for the words of `publicKey` (wordsSlotKey) in place of one for other words, under the same
 * data key. Unchanged where there is one already or no room.
 */
export function withWordsSlot(content: VaultContent, publicKey: Uint8Array, random: RandomSource): VaultContent {
  const lock = content.lock ?? openLock(random)
  const held = wordsKeyOf(content)
  const slots = lock.slots.filter((slot) => keyOfWordsSlot(slot) === undefined)
  if ((held !== null && equalBytes(held, publicKey)) || slots.length >= MAX_VAULT_SLOTS) return content
  return { ...content, lock: { ...lock, slots: [...slots, wordsSlot(lock.dataKey, publicKey, random)] } }
}

function relock(content: VaultContent, toSlot: (dataKey: Uint8Array) => CborMap, random: RandomSource): VaultContent {
  const dataKey = random(CIPHER_KEY_BYTES)
  const slots = [toSlot(dataKey)]
  const wordsKey = content.wordsEntropy === null ? wordsKeyOf(content) : wordsSlotKey(content.wordsEntropy)
  if (wordsKey !== null) slots.push(wordsSlot(dataKey, wordsKey, random))
  return { ...content, lock: { dataKey, slots } }
}

function preamble(): Uint8Array {
  return concatBytes(MAGIC, Uint8Array.of(VAULT_VERSION))
}

function associatedBytes(slots: readonly CborMap[]): Uint8Array {
  return concatBytes(preamble(), encodeCbor(slots))
}

function openLock(random: RandomSource): VaultLock {
  const dataKey = random(CIPHER_KEY_BYTES)
  return { dataKey, slots: [openSlot(dataKey)] }
}

function openSlots(slots: readonly CborMap[], openers: readonly VaultOpener[]): Uint8Array {
  for (const slot of slots) {
    const dataKey = keyOfOpenSlot(slot)
    if (dataKey !== undefined) return dataKey
  }
  let failure: unknown
  let mismatch: unknown
  for (const slot of slots) {
    for (const opener of openers.filter((one) => one.handles(slot))) {
      try {
        const dataKey = opener.open(slot)
        if (dataKey !== undefined) return dataKey
        mismatch ??= opener.mismatch()
      } catch (error) {
        failure ??= error
      }
    }
  }
  throw mismatch ?? failure ?? new VaultLockedError(slots.map((slot) => String(slot.type)))
}

function decode(bytes: Uint8Array): CborValue {
  try {
    return decodeCbor(bytes, VAULT_CODEC_LIMITS)
  } catch (error) {
    if (error instanceof CodecError) throw new VaultDamagedError('its bytes are not well-formed', { cause: error })
    throw error
  }
}

function readFile(bytes: Uint8Array): { slots: readonly CborMap[]; nonce: Uint8Array; sealed: Uint8Array } {
  if (bytes.length > MAX_VAULT_BYTES) throw new VaultDamagedError(`${bytes.length} bytes, limit ${MAX_VAULT_BYTES}`)
  if (bytes.length < PREAMBLE_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) {
    throw new VaultDamagedError('it does not begin like a vault')
  }
  const version = bytes[MAGIC.length] as number
  if (version > VAULT_VERSION) throw new VaultNewerError(version, VAULT_VERSION)
  if (version < 1) throw new VaultDamagedError(`version ${version}`)
  const value = decode(bytes.subarray(PREAMBLE_BYTES))
  if (!isCborArray(value) || value.length !== 3) throw new VaultDamagedError('it is not [slots, nonce, content]')
  const [slots, nonce, sealed] = value
  if (!isCborArray(slots) || slots.length > MAX_VAULT_SLOTS || !slots.every(isSlot)) {
    throw new VaultDamagedError('its slots are not a list of maps with a type')
  }
  if (!isBytes(nonce, CIPHER_NONCE_BYTES) || !(sealed instanceof Uint8Array)) {
    throw new VaultDamagedError('its nonce or content is no byte string')
  }
  return { slots, nonce, sealed }
}

function isSlot(value: CborValue): value is CborMap {
  return isCborMap(value) && typeof value.type === 'string'
}

function readContent(value: CborValue, lock: VaultLock): VaultContent {
  if (!isCborMap(value)) throw new VaultDamagedError('its content is not a map')
  const { deviceSeed, sealSeed, address, wordsEntropy, ...extras } = value
  if (!isBytes(deviceSeed, 32) || !isBytes(sealSeed, 32)) throw new VaultDamagedError('a seed is not 32 bytes')
  if (!isBytesOrNull(address, 32) || !isBytesOrNull(wordsEntropy, 32)) {
    throw new VaultDamagedError('the address or the words are not 32 bytes')
  }
  return { deviceSeed, sealSeed, address, wordsEntropy, extras, lock }
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

function isBytesOrNull(value: CborValue | undefined, length: number): value is Uint8Array | null {
  return value === null || isBytes(value, length)
}

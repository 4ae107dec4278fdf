/**
 * The operations of an identity chain as bytes (IDN rules in docs/protocol/identity.md). Frozen in version 1.
 *
 *   wire    = [payload bytes, [[key32, signature64], …], extras map?]          at most 32 KiB
 *   payload = [1, address32, previous operation id | null, paper key hash | null,
 *              [[threshold, [[key32, proof64], …]], …],                        authority slots
 *              [[key32, sealKey32, capabilities, name, proof64, seal | null, extras map], …],   devices, sorted by key
 *              extras map]
 *   seal    = [lastSeq, headId32]
 *   id      = sha256(payload)
 *
 * Signatures stand over domain 'id' ‖ payload, proofs of possession over domain 'key' (see possessionProofInput). The
 * map of extras at the end of the wire is not signed: nothing in it may be trusted.
 */
import {
  type CborMap,
  type CborValue,
  CodecError,
  type CodecLimits,
  decodeCbor,
  encodeCbor,
  isCborArray,
  isCborMap,
  utf8Length,
} from '../codec/dag-cbor.ts'
import { compareBytes, concatBytes, utf8 } from '../util/bytes.ts'
import { DEFAULT_DOMAIN, signingInput } from './domains.ts'
import { sha256 } from './hash.ts'
import { type KeyPair, signBytes } from './keys.ts'
import type { SignatureVerifier } from './signature.ts'

export const OPERATION_VERSION = 1

export const MAX_OPERATION_BYTES = 32 * 1_024
export const MAX_DEVICES = 256
export const MAX_SLOTS = 8
export const MAX_SLOT_KEYS = 32
export const MAX_OPERATION_SIGNATURES = 64
export const MAX_DEVICE_NAME_BYTES = 64
export const MAX_CAPABILITIES = 0xffff
const MAX_SEQ = 2 ** 32 - 1

/** Depth and keys as for records; 256 devices are more values than a record may have (IDN2). */
const OPERATION_CODEC_LIMITS: CodecLimits = { maxDepth: 6, maxItems: 8_192, maxKeyBytes: 32 }

/** What a device may do, bits of one number; unknown bits are kept and mean nothing yet. */
export const CAPABILITY = {
  /** Its records are this person's. */
  records: 1,
  /** It may add a device (rank 2). */
  devices: 2,
} as const

/** What a key proves that it is held for: authority keys of any slot, or a device together with its seal key. */
export type KeyRole = 'authority' | 'device'

export interface AuthorityKey {
  readonly key: Uint8Array
  /** 64 bytes over possessionProofInput('authority', …). */
  readonly proof: Uint8Array
}

/** The words (threshold 1 of 1) or guardians (M of N): rank 1. */
export interface AuthoritySlot {
  readonly threshold: number
  /** Sorted by key. */
  readonly keys: readonly AuthorityKey[]
}

/** The last record that counts of a revoked device; lastSeq 0 with 32 zero bytes when none does. */
export interface DeviceSeal {
  readonly lastSeq: number
  readonly headId: Uint8Array
}

export interface DeviceEntry {
  /** Ed25519, 32 bytes: signs the device's records and is its libp2p identity. */
  readonly key: Uint8Array
  /** X25519, 32 bytes. */
  readonly sealKey: Uint8Array
  readonly capabilities: number
  readonly name: string
  /** 64 bytes over possessionProofInput('device', …). */
  readonly proof: Uint8Array
  readonly seal: DeviceSeal | null
  readonly extras: CborMap
}

export interface OperationPayload {
  readonly version: number
  /** The inception key, 32 bytes. */
  readonly address: Uint8Array
  /** Id of the operation before it, null for a genesis. */
  readonly prev: Uint8Array | null
  /** sha256 of the next paper key, null until there is one. */
  readonly paperHash: Uint8Array | null
  readonly slots: readonly AuthoritySlot[]
  /** Sorted by key. */
  readonly devices: readonly DeviceEntry[]
  readonly extras: CborMap
}

export interface OperationSignature {
  readonly key: Uint8Array
  readonly signature: Uint8Array
}

export interface IdentityOperation extends OperationPayload {
  /** sha256 of `payloadBytes`, 32 bytes. */
  readonly id: Uint8Array
  readonly payloadBytes: Uint8Array
  /** Sorted by key. */
  readonly signatures: readonly OperationSignature[]
}

export type OperationRejectReason = 'too-large' | 'bad-cbor' | 'bad-operation' | 'bad-key' | 'bad-signature'

export type OperationVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'reject'; readonly reason: OperationRejectReason }

export interface CheckedOperation {
  readonly verdict: OperationVerdict
  /** Null when the bytes could not be taken apart. */
  readonly operation: IdentityOperation | null
}

/** What a key signs to prove that it is held (IDN8): domain 'key' ‖ address ‖ role, and for devices ‖ sealKey. */
export function possessionProofInput(
  role: KeyRole,
  address: Uint8Array,
  sealKey: Uint8Array | null,
  network = DEFAULT_DOMAIN,
): Uint8Array {
  return signingInput('key', concatBytes(address, utf8(role), sealKey ?? new Uint8Array()), network)
}

/** The payload's canonical bytes. Lists must be sorted; checkOperation says what else holds. */
export function encodeOperationPayload(payload: OperationPayload): Uint8Array {
  return encodeCbor([
    payload.version,
    payload.address,
    payload.prev,
    payload.paperHash,
    payload.slots.map((slot) => [slot.threshold, slot.keys.map(({ key, proof }) => [key, proof])]),
    payload.devices.map((device) => [
      device.key,
      device.sealKey,
      device.capabilities,
      device.name,
      device.proof,
      device.seal === null ? null : [device.seal.lastSeq, device.seal.headId],
      device.extras,
    ]),
    payload.extras,
  ])
}

/** Signs the payload with every key pair. */
export function signOperation(
  payload: OperationPayload,
  keyPairs: readonly KeyPair[],
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const payloadBytes = encodeOperationPayload(payload)
  const input = signingInput('id', payloadBytes, network)
  const signatures = keyPairs
    .map(({ publicKey, secretKey }) => ({ key: publicKey, signature: signBytes(secretKey, input) }))
    .sort((a, b) => compareBytes(a.key, b.key))
  return { ...payload, id: sha256(payloadBytes), payloadBytes, signatures }
}

/**
 * True for an operation that says something and changes nothing (IDN25): never applied, whoever signed it. A genesis is
 * none, whatever stands in its extras.
 */
export function isNotice({ prev, extras }: Pick<OperationPayload, 'prev' | 'extras'>): boolean {
  return prev !== null && Object.hasOwn(extras, 'notice')
}

/** The operation on the wire; the payload's bytes are taken as they are, never encoded again. */
export function encodeOperation(operation: Pick<IdentityOperation, 'payloadBytes' | 'signatures'>): Uint8Array {
  return encodeCbor([operation.payloadBytes, operation.signatures.map(({ key, signature }) => [key, signature])])
}

/**
 * Judges the bytes, the signatures and the proofs of an operation, in the order too-large, bad-cbor, bad-operation,
 * then bad-key or bad-signature of the first signature or proof that fails. What the operation may change is decided
 * by resolveChain. Never throws for bad bytes.
 */
export function checkOperation(
  bytes: Uint8Array,
  verifier: SignatureVerifier,
  network = DEFAULT_DOMAIN,
): CheckedOperation {
  if (bytes.length > MAX_OPERATION_BYTES) return reject('too-large', null)
  let operation: IdentityOperation | null
  try {
    operation = takeApart(bytes)
  } catch (error) {
    if (error instanceof CodecError) return reject('bad-cbor', null)
    throw error
  }
  if (operation === null) return reject('bad-operation', null)
  const fault = signatureFault(operation, verifier, network)
  return fault === null ? { verdict: { verdict: 'accept' }, operation } : reject(fault, operation)
}

function reject(reason: OperationRejectReason, operation: IdentityOperation | null): CheckedOperation {
  return { verdict: { verdict: 'reject', reason }, operation }
}

/** Null for a fault of shape or of a rule (bad-operation). @throws CodecError */
function takeApart(bytes: Uint8Array): IdentityOperation | null {
  const wire = decodeCbor(bytes, OPERATION_CODEC_LIMITS)
  if (!isCborArray(wire) || wire.length < 2 || wire.length > 3) return null
  const [payloadBytes, signatureList, wireExtras] = wire
  if (!(payloadBytes instanceof Uint8Array) || (wireExtras !== undefined && !isCborMap(wireExtras))) return null
  const payload = readPayload(decodeCbor(payloadBytes, OPERATION_CODEC_LIMITS))
  const signatures = readAll(signatureList, 1, MAX_OPERATION_SIGNATURES, readSignature)
  if (payload === null || signatures === null || !isSortedByKey(signatures)) return null
  if (payload.prev === null) {
    const isByInceptionKey =
      signatures.length === 1 && compareBytes((signatures[0] as OperationSignature).key, payload.address) === 0
    if (!isByInceptionKey || payload.devices.length === 0 || payload.devices.some(({ seal }) => seal !== null))
      return null
  }
  return { ...payload, id: sha256(payloadBytes), payloadBytes, signatures }
}

function readPayload(value: CborValue): OperationPayload | null {
  if (!isCborArray(value) || value.length < 7) return null
  const [version, address, prev, paperHash, slotList, deviceList, extras] = value
  if (typeof version !== 'number' || version < 1 || (version === OPERATION_VERSION && value.length !== 7)) return null
  if (!isBytes(address, 32) || !isHashOrNull(prev) || !isHashOrNull(paperHash) || !isCborMap(extras)) return null
  const slots = readAll(slotList, 0, MAX_SLOTS, readSlot)
  const devices = readAll(deviceList, 0, MAX_DEVICES, readDevice)
  if (slots === null || devices === null || !isSortedByKey(devices)) return null
  const listed = [...slots.flatMap(({ keys }) => keys), ...devices]
  if (listed.some(({ key }) => compareBytes(key, address) === 0)) return null
  return { version, address, prev, paperHash, slots, devices, extras }
}

function readSlot(value: CborValue): AuthoritySlot | null {
  if (!isCborArray(value) || value.length !== 2) return null
  const [threshold, keyList] = value
  const keys = readAll(keyList, 1, MAX_SLOT_KEYS, readAuthorityKey)
  if (keys === null || !isSortedByKey(keys)) return null
  if (typeof threshold !== 'number' || threshold < 1 || threshold > keys.length) return null
  return { threshold, keys }
}

function readAuthorityKey(value: CborValue): AuthorityKey | null {
  if (!isCborArray(value) || value.length !== 2) return null
  const [key, proof] = value
  return isBytes(key, 32) && isBytes(proof, 64) ? { key, proof } : null
}

function readSignature(value: CborValue): OperationSignature | null {
  if (!isCborArray(value) || value.length !== 2) return null
  const [key, signature] = value
  return isBytes(key, 32) && isBytes(signature, 64) ? { key, signature } : null
}

function readDevice(value: CborValue): DeviceEntry | null {
  if (!isCborArray(value) || value.length !== 7) return null
  const [key, sealKey, capabilities, name, proof, sealValue, extras] = value
  if (!isBytes(key, 32) || !isBytes(sealKey, 32) || !isBytes(proof, 64) || !isCborMap(extras)) return null
  if (typeof capabilities !== 'number' || capabilities > MAX_CAPABILITIES) return null
  if (typeof name !== 'string' || utf8Length(name) > MAX_DEVICE_NAME_BYTES) return null
  if (sealValue === null) return { key, sealKey, capabilities, name, proof, seal: null, extras }
  const seal = readSeal(sealValue)
  return seal === null ? null : { key, sealKey, capabilities, name, proof, seal, extras }
}

function readSeal(value: CborValue | undefined): DeviceSeal | null {
  if (!isCborArray(value) || value.length !== 2) return null
  const [lastSeq, headId] = value
  if (typeof lastSeq !== 'number' || lastSeq > MAX_SEQ || !isBytes(headId, 32)) return null
  if (lastSeq === 0 && headId.some((byte) => byte !== 0)) return null
  return { lastSeq, headId }
}

function readAll<T>(
  value: CborValue | undefined,
  least: number,
  most: number,
  read: (element: CborValue) => T | null,
): T[] | null {
  if (!isCborArray(value) || value.length < least || value.length > most) return null
  const all: T[] = []
  for (const element of value) {
    const one = read(element)
    if (one === null) return null
    all.push(one)
  }
  return all
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length
}

function isHashOrNull(value: CborValue | undefined): value is Uint8Array | null {
  return value === null || isBytes(value, 32)
}

/** Strictly ascending: sorted, and no key twice. */
function isSortedByKey(entries: readonly { readonly key: Uint8Array }[]): boolean {
  return entries.every(({ key }, i) => i === 0 || compareBytes((entries[i - 1] as { key: Uint8Array }).key, key) < 0)
}

function signatureFault(
  operation: IdentityOperation,
  verifier: SignatureVerifier,
  network: string,
): 'bad-key' | 'bad-signature' | null {
  const input = signingInput('id', operation.payloadBytes, network)
  for (const { key, signature } of operation.signatures) {
    const fault = verifier.verify(key, input, signature)
    if (fault !== null) return fault
  }
  const authorityInput = possessionProofInput('authority', operation.address, null, network)
  for (const { key, proof } of operation.slots.flatMap(({ keys }) => keys)) {
    const fault = verifier.verify(key, authorityInput, proof)
    if (fault !== null) return fault
  }
  for (const { key, sealKey, proof } of operation.devices) {
    const fault = verifier.verify(key, possessionProofInput('device', operation.address, sealKey, network), proof)
    if (fault !== null) return fault
  }
  return null
}

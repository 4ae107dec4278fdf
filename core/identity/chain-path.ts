/**
 * One line of an identity chain: what an operation's signers are entitled to by the state before it, and the state
 * after it (IDN15 … IDN19). Forks are settled elsewhere: here every operation stands on its own line of ancestors, so
 * its place never changes when further operations arrive.
 */
import { type CborMap, encodeCbor } from '../codec/dag-cbor.ts'
import { compareBytes, equalBytes, toHex } from '../util/bytes.ts'
import { sha256 } from './hash.ts'
import {
  CAPABILITY,
  type DeviceEntry,
  type DeviceSeal,
  encodeOperationPayload,
  type IdentityOperation,
  isNotice,
} from './operation.ts'

/** 0 the paper key, 1 the words or guardians, 2 a device. The lower number has the higher rank. */
export type Rank = 0 | 1 | 2

/** The seal of a device of which no record counts. */
export const NOTHING_COUNTS: DeviceSeal = { lastSeq: 0, headId: new Uint8Array(32) }

export interface PathDevice {
  /** As the last operation that lists it writes it. */
  readonly entry: DeviceEntry
  /** The entry's, and capability 1 once it had it: only a seal takes that away. */
  readonly capabilities: number
  readonly seal: DeviceSeal | null
  /** The highest rank that stands behind the seal, 2 when only the device itself does. Null without a seal. */
  readonly sealRank: Rank | null
  /** It retired, and nobody changed that seal since. */
  readonly isRetired: boolean
  /** False for one that an operation of rank 0 or 1 left out. */
  readonly isListed: boolean
  /** Devices that added it, hex; none when the inception key or an authority did. */
  readonly addedBy: readonly string[]
}

/** Slots and paper key of a state, for quick comparison: keys and hash in hex. */
export interface Authorities {
  readonly paperHash: string | null
  readonly slots: readonly { readonly threshold: number; readonly keys: readonly string[] }[]
}

/** An operation that its line allows, with the state after it. */
export interface PlacedOperation {
  readonly operation: IdentityOperation
  /** Null for a genesis. */
  readonly rank: Rank | null
  /** Devices under whose rights the operation stands, whatever its rank, hex: with any, it is a device operation. */
  readonly signers: readonly string[]
  /** All keys that signed, and the sha256 of each, hex. */
  readonly keys: ReadonlySet<string>
  readonly keyHashes: ReadonlySet<string>
  readonly authorities: Authorities
  readonly parent: PlacedOperation | null
  readonly children: PlacedOperation[]
  readonly depth: number
  /** By key in hex. */
  readonly devices: ReadonlyMap<string, PathDevice>
}

/**
 * Every operation that stands on an unbroken line from a genesis and keeps within its rank, parents first, siblings
 * by id. `operations` are of one address; several of one id count as one with all their signatures.
 */
export function placeOperations(operations: readonly IdentityOperation[]): PlacedOperation[] {
  const byPrev = Map.groupBy(operations, ({ prev }) => (prev === null ? '' : toHex(prev)))
  const placed: PlacedOperation[] = []
  const add = (operation: IdentityOperation, parent: PlacedOperation | null): void => {
    const signed = signedBy(operation)
    const step = parent === null ? genesisStep(operation) : stepOf(parent, operation, signed)
    if (step === null) return
    const depth = (parent?.depth ?? -1) + 1
    const one = { operation, ...signed, ...step, authorities: authoritiesOf(operation), parent, children: [], depth }
    parent?.children.push(one)
    placed.push(one)
  }
  for (const genesis of byPrev.get('') ?? []) add(genesis, null)
  // The list grows while it is walked: children come after their parents.
  for (const parent of placed) {
    for (const child of byPrev.get(toHex(parent.operation.id)) ?? []) add(child, parent)
  }
  return placed
}

/** Operations of one id as one, with the signatures of all, sorted by id: who signs first must not decide. */
export function uniteSignatures(operations: readonly IdentityOperation[]): IdentityOperation[] {
  const united = new Map<string, IdentityOperation>()
  for (const operation of operations) {
    const name = toHex(operation.id)
    const held = united.get(name)
    united.set(name, held === undefined ? operation : withSignaturesOf(held, operation))
  }
  return [...united.values()].sort((a, b) => compareBytes(a.id, b.id))
}

/** The first operation with the signatures that only the second has. */
export function withSignaturesOf(operation: IdentityOperation, other: IdentityOperation): IdentityOperation {
  const added = other.signatures.filter(({ key }) => !operation.signatures.some((held) => equalBytes(held.key, key)))
  if (added.length === 0) return operation
  const signatures = [...operation.signatures, ...added].sort((a, b) => compareBytes(a.key, b.key))
  return { ...operation, signatures }
}

/** The rank that the signers have as authorities of a state; null for less than rank 1. */
export function authorityRank(
  { paperHash, slots }: Authorities,
  { keys, keyHashes }: Pick<PlacedOperation, 'keys' | 'keyHashes'>,
): 0 | 1 | null {
  if (paperHash !== null && keyHashes.has(paperHash)) return 0
  return slots.some((slot) => slot.keys.filter((key) => keys.has(key)).length >= slot.threshold) ? 1 : null
}

/** The rank that an operation's signers have as authorities of another; null for less than rank 1. */
export function signedRank(
  ground: Pick<IdentityOperation, 'paperHash' | 'slots'>,
  operation: Pick<IdentityOperation, 'signatures'>,
): 0 | 1 | null {
  return authorityRank(authoritiesOf(ground), signedBy(operation))
}

/** True for a device that may add others. */
export function mayAdd(device: Pick<PathDevice, 'seal' | 'capabilities'>): boolean {
  return device.seal === null && (device.capabilities & CAPABILITY.devices) !== 0
}

export function isSameSeal(a: DeviceSeal | null, b: DeviceSeal | null): boolean {
  if (a === null || b === null) return a === b
  return a.lastSeq === b.lastSeq && equalBytes(a.headId, b.headId)
}

type Step = Pick<PlacedOperation, 'rank' | 'signers' | 'devices'>

function genesisStep(operation: IdentityOperation): Step {
  const devices = new Map(operation.devices.map((entry) => [toHex(entry.key), newDevice(entry, null, [])]))
  return { rank: null, signers: [], devices }
}

function newDevice(entry: DeviceEntry, rank: Rank | null, addedBy: readonly string[]): PathDevice {
  const sealRank = entry.seal === null ? null : rank
  return {
    entry,
    capabilities: entry.capabilities,
    seal: entry.seal,
    sealRank,
    isRetired: false,
    isListed: true,
    addedBy,
  }
}

function signedBy({ signatures }: Pick<IdentityOperation, 'signatures'>): Pick<PlacedOperation, 'keys' | 'keyHashes'> {
  const keys = signatures.map(({ key }) => key)
  return { keys: new Set(keys.map(toHex)), keyHashes: new Set(keys.map((key) => toHex(sha256(key)))) }
}

function authoritiesOf({ paperHash, slots }: Pick<IdentityOperation, 'paperHash' | 'slots'>): Authorities {
  return {
    paperHash: paperHash === null ? null : toHex(paperHash),
    slots: slots.map(({ threshold, keys }) => ({ threshold, keys: keys.map(({ key }) => toHex(key)) })),
  }
}

/** Null for a notice (IDN25), and for an operation that its signers have no right to. */
function stepOf(
  parent: PlacedOperation,
  operation: IdentityOperation,
  signed: Pick<PlacedOperation, 'keys' | 'keyHashes'>,
): Step | null {
  if (isNotice(operation)) return null
  const rank = authorityRank(parent.authorities, signed)
  const byDevice = deviceStep(parent, operation)
  if (rank === null) return byDevice
  const step = authorityStep(parent, operation, rank)
  // Whoever holds the words may sign what a device signed: that must not take it from the device.
  return step === null || byDevice === null ? step : { ...step, signers: byDevice.signers }
}

/** Rank 0 and 1 write the whole state, except that a seal is changed only by the rank that set it or a higher one. */
function authorityStep(parent: PlacedOperation, operation: IdentityOperation, rank: 0 | 1): Step | null {
  const devices = new Map<string, PathDevice>()
  for (const entry of operation.devices) {
    const name = toHex(entry.key)
    const before = parent.devices.get(name)
    if (before === undefined) {
      devices.set(name, newDevice(entry, rank, []))
      continue
    }
    const isSame = isSameSeal(before.seal, entry.seal)
    if (!isSame && before.sealRank !== null && rank > before.sealRank) return null
    devices.set(name, {
      ...newDevice(entry, isSame ? higher(before.sealRank, rank) : rank, before.addedBy),
      isRetired: isSame && before.isRetired,
      capabilities: entry.capabilities | (before.capabilities & CAPABILITY.records),
    })
  }
  for (const [name, before] of parent.devices) {
    if (devices.has(name)) continue
    const seal = before.seal ?? NOTHING_COUNTS
    devices.set(name, { ...before, seal, sealRank: higher(before.sealRank, rank), isListed: false })
  }
  return { rank, signers: [], devices }
}

function higher(a: Rank | null, b: Rank): Rank {
  return a === null || b < a ? b : a
}

/** Rank 2 adds devices and retires the signer; everything else stays as it was. */
function deviceStep(parent: PlacedOperation, operation: IdentityOperation): Step | null {
  if (!equalBytes(withoutDevices(parent.operation), withoutDevices(operation))) return null
  const devices = new Map(parent.devices)
  const added: DeviceEntry[] = []
  const retired: string[] = []
  const listed = new Set<string>()
  for (const entry of operation.devices) {
    const name = toHex(entry.key)
    listed.add(name)
    const before = parent.devices.get(name)
    if (before === undefined) {
      if (entry.seal !== null) return null
      added.push(entry)
    } else {
      if (!before.isListed || !isSameEntry(before.entry, entry)) return null
      if (isSameSeal(before.seal, entry.seal)) continue
      if (before.seal !== null) return null
      retired.push(name)
      devices.set(name, { ...before, entry, seal: entry.seal, sealRank: 2, isRetired: true })
    }
  }
  for (const [name, { isListed }] of parent.devices) if (isListed && !listed.has(name)) return null
  const signers = operation.signatures
    .map(({ key }) => toHex(key))
    .filter((name) => {
      const signer = parent.devices.get(name)
      if (signer === undefined || !mayAdd(signer)) return false
      if (retired.some((other) => other !== name)) return false
      return added.every(({ capabilities }) => (capabilities & ~signer.capabilities) === 0)
    })
  if (signers.length === 0) return null
  for (const entry of added) devices.set(toHex(entry.key), newDevice(entry, null, signers))
  return { rank: 2, signers, devices }
}

/** What a device may not touch, as bytes. */
function withoutDevices(operation: IdentityOperation): Uint8Array {
  return encodeOperationPayload({ ...operation, version: 1, prev: null, devices: [] })
}

/** All but the seal. */
function isSameEntry(a: DeviceEntry, b: DeviceEntry): boolean {
  return (
    equalBytes(a.sealKey, b.sealKey) &&
    a.capabilities === b.capabilities &&
    a.name === b.name &&
    equalBytes(a.proof, b.proof) &&
    isSameMap(a.extras, b.extras)
  )
}

/** Most are empty, and an operation has many. */
function isSameMap(a: CborMap, b: CborMap): boolean {
  if (Object.keys(a).length === 0 && Object.keys(b).length === 0) return true
  return equalBytes(encodeCbor(a), encodeCbor(b))
}

/**
 * Operations that change an identity, made from its state (IDN15 … IDN24). Whoever signs, the operation is refused
 * here when every node would refuse to apply it; whether it then wins depends on what others have signed meanwhile.
 */
import { compareBytes, equalBytes, toHex } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { IdentityDevice, IdentityState } from './chain.ts'
import { signedRank } from './chain-path.ts'
import { DEFAULT_DOMAIN } from './domains.ts'
import { sha256 } from './hash.ts'
import { type KeyPair, signBytes } from './keys.ts'
import {
  type AuthorityKey,
  type AuthoritySlot,
  CAPABILITY,
  type DeviceEntry,
  type DeviceSeal,
  encodeOperation,
  type IdentityOperation,
  MAX_DEVICES,
  MAX_OPERATION_BYTES,
  OPERATION_VERSION,
  type OperationPayload,
  possessionProofInput,
  signOperation,
} from './operation.ts'

export type ChangeRefusal =
  /** The signers have no rank for this. */
  | 'no-right'
  /** Branches of equal rank: only a higher one settles them. */
  | 'contested'
  /** No such device in the state, or not one that this can be done to. */
  | 'unknown-device'
  /** More than an operation may hold. */
  | 'too-large'

export class ChangeRefusedError extends PalabreError {
  constructor(code: ChangeRefusal, message: string) {
    super(code, message)
  }
}

export interface NewDevice {
  readonly keyPair: KeyPair
  /** X25519, 32 bytes. */
  readonly sealKey: Uint8Array
  /** At most 64 bytes of UTF-8. */
  readonly name: string
  /** Bits of CAPABILITY; both when left out. */
  readonly capabilities?: number
}

/** What a new device hands to the one that links it: its keys and the proof that it holds them (IDN8). */
export function proveDevice(device: NewDevice, address: Uint8Array, network = DEFAULT_DOMAIN): DeviceEntry {
  const { keyPair, sealKey, name, capabilities = CAPABILITY.records | CAPABILITY.devices } = device
  const proof = signBytes(keyPair.secretKey, possessionProofInput('device', address, sealKey, network))
  return { key: keyPair.publicKey, sealKey, capabilities, name, proof, seal: null, extras: {} }
}

/** What the words, or a guardian with a key made for this person, hand over to stand in a slot (IDN8). */
export function proveAuthority(keyPair: KeyPair, address: Uint8Array, network = DEFAULT_DOMAIN): AuthorityKey {
  const proof = signBytes(keyPair.secretKey, possessionProofInput('authority', address, null, network))
  return { key: keyPair.publicKey, proof }
}

/**
 * A device adds another (rank 2).
 *
 * @throws ChangeRefusedError no-right when the signer is no device in use with capability 2 and those of the new one
 */
export function linkDevice(
  state: IdentityState,
  entry: DeviceEntry,
  signer: KeyPair,
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const prev = headFor(state, signer.publicKey)
  const own = prev.devices.find(({ key }) => equalBytes(key, signer.publicKey)) as DeviceEntry
  if (state.devices.some(({ key }) => equalBytes(key, entry.key))) {
    throw new ChangeRefusedError(
      'unknown-device',
      'the device stands in the chain already; only an authority raises it',
    )
  }
  if (entry.seal !== null || (entry.capabilities & ~own.capabilities) !== 0) {
    throw new ChangeRefusedError(
      'no-right',
      'a device adds others unsealed and with no capability that it lacks itself',
    )
  }
  return sign({ ...prev, devices: [...prev.devices, entry] }, prev, [signer], network)
}

/**
 * A device retires itself (rank 2). `seal` names its last record.
 *
 * @throws ChangeRefusedError no-right when it is no device in use with capability 2
 */
export function retireDevice(
  state: IdentityState,
  seal: DeviceSeal,
  signer: KeyPair,
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const prev = headFor(state, signer.publicKey)
  const devices = prev.devices.map((entry) => (equalBytes(entry.key, signer.publicKey) ? { ...entry, seal } : entry))
  return sign({ ...prev, devices }, prev, [signer], network)
}

/** What an authority changes; what isn't named stays. */
export interface AuthorityChange {
  readonly add?: readonly DeviceEntry[]
  /** New seals, lower or higher ones, and null to raise one. */
  readonly seals?: readonly { readonly key: Uint8Array; readonly seal: DeviceSeal | null }[]
  /** Devices that are left out: none of their records counts. */
  readonly without?: readonly Uint8Array[]
  /** In place of the slots before, or made from those of the operation that names the signers. */
  readonly slots?: readonly AuthoritySlot[] | ((before: readonly AuthoritySlot[]) => readonly AuthoritySlot[])
  /** sha256 of the next paper key. */
  readonly paperHash?: Uint8Array | null
}

/**
 * The words, the paper key, or as many guardians as their slot asks for, write the state anew: slots and paper hash
 * from the operation that names them, devices from the state. Guardians who sign
 * apart each make the same operation from the same state; `withSignaturesOf` puts theirs together, so a lack of
 * signatures is no error where `isPartial`.
 *
 * @throws ChangeRefusedError
 */
export function changeByAuthority(
  state: IdentityState,
  change: AuthorityChange,
  signers: readonly KeyPair[],
  options: { readonly network?: string; readonly isPartial?: boolean } = {},
): IdentityOperation {
  const { base } = state
  if (base === null) throw new ChangeRefusedError('contested', 'two geneses: nobody stands above them')
  const found =
    groundFor(state.line, signers) ?? (options.isPartial === true ? { ground: base, rank: 1 as const } : null)
  if (found === null)
    throw new ChangeRefusedError('no-right', 'the signers are no authority of this identity, or no longer')
  const { ground, rank } = found
  if (state.contestedRank !== null && rank >= state.contestedRank) {
    throw new ChangeRefusedError('contested', 'branches of equal rank: only a higher rank settles them')
  }
  const payload = {
    ...ground,
    devices: changedDevices(state, change, rank),
    slots: typeof change.slots === 'function' ? change.slots(ground.slots) : (change.slots ?? ground.slots),
    paperHash: change.paperHash === undefined ? ground.paperHash : change.paperHash,
  }
  return sign(payload, ground, signers, options.network)
}

/**
 * Seals a device whose key is in other hands. What it added goes too, and what those added, except `keep`.
 *
 * @throws ChangeRefusedError
 */
export function revokeDevice(
  state: IdentityState,
  device: { readonly key: Uint8Array; readonly seal: DeviceSeal; readonly keep?: readonly Uint8Array[] },
  signers: readonly KeyPair[],
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const kept = new Set((device.keep ?? []).map(toHex))
  const gone = new Set([toHex(device.key)])
  for (let before = 0; before !== gone.size; ) {
    before = gone.size
    for (const { key, addedBy } of state.devices) {
      if (!kept.has(toHex(key)) && addedBy.some((adder) => gone.has(toHex(adder)))) gone.add(toHex(key))
    }
  }
  gone.delete(toHex(device.key))
  const without = state.devices.filter(({ key, status }) => status === 'active' && gone.has(toHex(key)))
  const change = { seals: [{ key: device.key, seal: device.seal }], without: without.map(({ key }) => key) }
  return changeByAuthority(state, change, signers, { network })
}

/**
 * Names the next paper key: by the present one, or by the words where there is none or it is lost.
 *
 * @throws ChangeRefusedError
 */
export function rotatePaperKey(
  state: IdentityState,
  nextKey: Uint8Array,
  signers: readonly KeyPair[],
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  return changeByAuthority(state, { paperHash: sha256(nextKey) }, signers, { network })
}

/**
 * Puts guardians in place of those before: the slots of 1 of 1, such as the words', stay. An empty list takes all away.
 *
 * @throws ChangeRefusedError too-large for a threshold beyond the number of keys
 */
export function setGuardians(
  state: IdentityState,
  guardians: { readonly threshold: number; readonly keys: readonly AuthorityKey[] },
  signers: readonly KeyPair[],
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const { threshold } = guardians
  const keys = sortedByKey(guardians.keys)
  if (keys.length > 0 && (threshold < 1 || threshold > keys.length || keys.length < 2)) {
    throw new ChangeRefusedError('too-large', `${threshold} of ${keys.length} guardians can't be asked for`)
  }
  const change = (before: readonly AuthoritySlot[]) => {
    const stay = before.filter((slot) => slot.keys.length === 1)
    return keys.length === 0 ? stay : [...stay, { threshold, keys }]
  }
  return changeByAuthority(state, { slots: change }, signers, { network })
}

/** These slots with new words in place of those before: guardians stay. */
export function withWordsKey(before: readonly AuthoritySlot[], words: AuthorityKey): AuthoritySlot[] {
  return [{ threshold: 1, keys: [words] }, ...before.filter((slot) => slot.keys.length > 1)]
}

/** The operation that a device builds on: one that lists it in use. */
function headFor(state: IdentityState, key: Uint8Array): IdentityOperation {
  const device = state.devices.find((one) => equalBytes(one.key, key))
  const head = state.heads.find(({ devices }) => devices.some((one) => equalBytes(one.key, key) && one.seal === null))
  if (device?.status !== 'active' || (device.capabilities & CAPABILITY.devices) === 0 || head === undefined) {
    throw new ChangeRefusedError('no-right', 'only a device in use that may add devices does this')
  }
  return head
}

function changedDevices(state: IdentityState, change: AuthorityChange, rank: 0 | 1): DeviceEntry[] {
  const seals = new Map((change.seals ?? []).map(({ key, seal }) => [toHex(key), seal]))
  const without = new Set((change.without ?? []).map(toHex))
  const entries: DeviceEntry[] = []
  for (const device of state.devices) {
    const name = toHex(device.key)
    const seal = seals.get(name)
    seals.delete(name)
    if (seal !== undefined && device.sealRank !== null && rank > device.sealRank) {
      throw new ChangeRefusedError('no-right', 'a seal is changed by the rank that set it or a higher one')
    }
    if (without.has(name) || (seal === undefined && isNothing(device))) continue
    entries.push(seal === undefined ? device.entry : { ...device.entry, seal })
  }
  if (seals.size > 0) throw new ChangeRefusedError('unknown-device', 'a seal for a device that the chain does not have')
  return [...entries, ...(change.add ?? [])]
}

/** Stays sealed without being listed (IDN18). */
function isNothing({ status, seal }: IdentityDevice): boolean {
  return status === 'sealed' && seal?.lastSeq === 0
}

/**
 * Where the signers speak: the newest operation of the line that names them, as long as nobody of their rank by its
 * authorities has spoken on the line since. So a paper key goes back to before a thief put another in its place.
 */
function groundFor(
  line: readonly IdentityOperation[],
  signers: readonly KeyPair[],
): { ground: IdentityOperation; rank: 0 | 1 } | null {
  const signed = { signatures: signers.map(({ publicKey }) => ({ key: publicKey, signature: new Uint8Array() })) }
  for (const [i, ground] of line.entries()) {
    const rank = signedRank(ground, signed)
    if (rank === null) continue
    const isLate = line.slice(0, i).some((later) => (signedRank(ground, later) ?? 2) <= rank)
    return isLate ? null : { ground, rank }
  }
  return null
}

function sign(
  payload: OperationPayload,
  prev: IdentityOperation,
  signers: readonly KeyPair[],
  network = DEFAULT_DOMAIN,
): IdentityOperation {
  const { address, paperHash, slots, extras } = payload
  const devices = sortedByKey(payload.devices)
  const operation = signOperation(
    { version: OPERATION_VERSION, address, prev: prev.id, paperHash, slots, devices, extras },
    signers,
    network,
  )
  const bytes = encodeOperation(operation).length
  if (devices.length > MAX_DEVICES || bytes > MAX_OPERATION_BYTES) {
    throw new ChangeRefusedError(
      'too-large',
      `${devices.length} devices in ${bytes} bytes, limit ${MAX_OPERATION_BYTES}`,
    )
  }
  return operation
}

function sortedByKey<T extends { readonly key: Uint8Array }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => compareBytes(a.key, b.key))
}

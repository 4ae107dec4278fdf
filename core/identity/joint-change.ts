/**
 * How guardians, who sign apart and at different times, come to sign one and the same operation (GRD rules in
 * docs/protocol/guardians.md). The first one makes it and leaves it in the chain, unapplied; the others put their
 * signatures to it. Two operations of guardians that both come to be applied would be a fork that only the paper key
 * settles, so everybody chooses among those that are there in the same way.
 *
 * Nobody has to trust what another guardian has written: an operation is looked at by what it would do. Signed by all
 * guardians it must lead to the present state with one device more, and nothing else.
 */
import { compareBytes, equalBytes, toHex } from '../util/bytes.ts'
import { type IdentityDevice, type IdentityState, resolveChain } from './chain.ts'
import { isSameSeal, withSignaturesOf } from './chain-path.ts'
import { ChangeRefusedError, changeByAuthority } from './change.ts'
import { DEFAULT_DOMAIN } from './domains.ts'
import type { KeyPair } from './keys.ts'
import { guardianKeys, guardianSlots } from './notice.ts'
import { type DeviceEntry, encodeOperationPayload, type IdentityOperation, signOperation } from './operation.ts'

/** Operations that are tried out; an honest chain has one. */
const MAX_CANDIDATES = 16

/** An operation that gives the account to a device as soon as enough guardians have signed it. */
export interface JointOperation {
  readonly operation: IdentityOperation
  /** Guardians that have signed it, hex. */
  readonly signers: ReadonlySet<string>
}

/** What guardians have begun for this device and could still finish, the one to sign first. */
export function findJointOperations(
  state: IdentityState,
  operations: readonly IdentityOperation[],
  entry: DeviceEntry,
): JointOperation[] {
  const guardians = new Set(guardianKeys(state).map(toHex))
  return operations
    .filter(({ prev, devices }) => prev !== null && devices.some((device) => isSameEntry(device, entry)))
    .map((operation) => {
      const names = operation.signatures.map(({ key }) => toHex(key))
      return { operation, signers: new Set(names.filter((name) => guardians.has(name))) }
    })
    .filter(({ signers }) => signers.size > 0)
    .sort((a, b) => b.signers.size - a.signers.size || compareBytes(a.operation.id, b.operation.id))
    .slice(0, MAX_CANDIDATES)
    .filter(({ operation }) => addsOnly(state, operations, operation, entry))
}

/**
 * A guardian's signature: on `joint` where others have begun, else on a new operation from the present state.
 *
 * @throws ChangeRefusedError contested when guardians can't speak now; no-right when the outcome would not be the
 * device and nothing else
 */
export function signJointly(
  state: IdentityState,
  operations: readonly IdentityOperation[],
  init: { readonly entry: DeviceEntry; readonly joint: JointOperation | undefined; readonly network?: string },
  signer: KeyPair,
): IdentityOperation {
  const { entry, joint, network = DEFAULT_DOMAIN } = init
  if (joint !== undefined) return withSignaturesOf(joint.operation, signOperation(joint.operation, [signer], network))
  const operation = changeByAuthority(state, { add: [entry] }, [signer], { network, isPartial: true })
  if (addsOnly(state, operations, operation, entry)) return operation
  throw new ChangeRefusedError('no-right', 'the guardians can add this device only together with something else')
}

/** Signatures that the guardians' slot of this key asks for; null for a key that is no guardian's. */
export function guardianThreshold(state: IdentityState, key: Uint8Array): number | null {
  return guardianSlots(state).find(({ keys }) => keys.some((one) => equalBytes(one.key, key)))?.threshold ?? null
}

/** True when the operation, signed by every guardian, leads to the present state and the device, and to nothing else. */
function addsOnly(
  state: IdentityState,
  operations: readonly IdentityOperation[],
  operation: IdentityOperation,
  entry: DeviceEntry,
): boolean {
  const { base } = state
  // Signing encodes the payload anew: of a later version that would be another one.
  if (base === null || !equalBytes(encodeOperationPayload(operation), operation.payloadBytes)) return false
  const signatures = guardianKeys(state).map((key) => ({ key, signature: new Uint8Array() }))
  const signed = withSignaturesOf(operation, { ...operation, signatures })
  const others = operations.filter(({ id }) => !equalBytes(id, operation.id))
  const after = resolveChain([...others, signed])
  if (after === null || after.isContested || after.base === null) return false
  return hasSameAuthorities(base, after.base) && hasOneMore(state, after, entry)
}

function hasSameAuthorities(a: IdentityOperation, b: IdentityOperation): boolean {
  const bare = (one: IdentityOperation) => encodeOperationPayload({ ...one, version: 1, prev: null, devices: [] })
  return equalBytes(bare(a), bare(b))
}

function hasOneMore(before: IdentityState, after: IdentityState, entry: DeviceEntry): boolean {
  const added = after.devices.find(({ key }) => equalBytes(key, entry.key))
  if (added?.status !== 'active' || !isSameEntry(added.entry, entry)) return false
  const others = after.devices.filter((device) => device !== added)
  return others.length === before.devices.length && others.every((device, i) => isSameDevice(device, before.devices[i]))
}

/** Sorted by key on both sides; only what is contested may be so no longer. */
function isSameDevice(a: IdentityDevice, b: IdentityDevice | undefined): boolean {
  if (b === undefined || !equalBytes(a.key, b.key)) return false
  return a.status === b.status && a.capabilities === b.capabilities && isSameSeal(a.seal, b.seal)
}

function isSameEntry(a: DeviceEntry, b: DeviceEntry): boolean {
  return (
    equalBytes(a.key, b.key) &&
    equalBytes(a.sealKey, b.sealKey) &&
    equalBytes(a.proof, b.proof) &&
    a.name === b.name &&
    a.capabilities === b.capabilities &&
    isSameSeal(a.seal, b.seal) &&
    Object.keys(a.extras).length === Object.keys(b.extras).length
  )
}

/**
 * From the set of an address's operations to who may sign for it: a pure function of the set, whatever the order and
 * without a clock (IDN10 … IDN13).
 *
 * What is applied: genesis operations and the devices that they list. Operations that come after a genesis are checked
 * as bytes by checkOperation, kept, relayed and counted here, and change nothing yet: ranks, revocation and the
 * linking of devices are rules of their own, and a half of them would let a thief in.
 */
import { compareBytes } from '../util/bytes.ts'
import { CAPABILITY, type DeviceEntry, type IdentityOperation } from './operation.ts'

export interface IdentityState {
  /** 32-byte inception key. */
  readonly address: Uint8Array
  /** Id of the genesis, 32 bytes; of several the lowest, which decides nothing. */
  readonly genesisHash: Uint8Array
  /** Ids of all genesis operations, ascending; more than one only when the inception key was not erased. */
  readonly genesisHashes: readonly Uint8Array[]
  /** Two genesis operations: neither wins, the devices of both stay. */
  readonly isContested: boolean
  /** Sorted by key. */
  readonly devices: readonly IdentityDevice[]
  /** Operations that are kept and not applied. */
  readonly unapplied: number
}

export interface IdentityDevice {
  readonly key: Uint8Array
  readonly sealKey: Uint8Array
  readonly capabilities: number
  readonly name: string
}

/**
 * The state that checked operations of one address add up to; those of another address than the first genesis' are
 * passed over. Null without a genesis.
 */
export function resolveChain(operations: readonly IdentityOperation[]): IdentityState | null {
  const unique = new Map(operations.map((operation) => [String.fromCharCode(...operation.id), operation]))
  const sorted = [...unique.values()].sort((a, b) => compareBytes(a.id, b.id))
  const first = sorted.find(({ prev }) => prev === null)
  if (first === undefined) return null
  const ours = sorted.filter(({ address }) => compareBytes(address, first.address) === 0)
  const genesis = ours.filter(({ prev }) => prev === null)
  const devices = new Map<string, DeviceEntry>()
  for (const device of genesis.flatMap((operation) => operation.devices)) {
    const name = String.fromCharCode(...device.key)
    if (!devices.has(name)) devices.set(name, device)
  }
  return {
    address: first.address,
    genesisHash: first.id,
    genesisHashes: genesis.map(({ id }) => id),
    isContested: genesis.length > 1,
    devices: [...devices.values()]
      .sort((a, b) => compareBytes(a.key, b.key))
      .map(({ key, sealKey, capabilities, name }) => ({ key, sealKey, capabilities, name })),
    unapplied: ours.length - genesis.length,
  }
}

/** True when the device may sign records for the identity (IDN12). */
export function isRecordDevice(state: IdentityState, deviceKey: Uint8Array): boolean {
  return state.devices.some(
    ({ key, capabilities }) => (capabilities & CAPABILITY.records) !== 0 && compareBytes(key, deviceKey) === 0,
  )
}

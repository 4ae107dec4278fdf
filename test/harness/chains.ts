import type { IdentityState } from '../../core/identity/chain.ts'
import { sha256 } from '../../core/identity/hash.ts'
import { type KeyPair, keyPairFromSeed } from '../../core/identity/keys.ts'
import type { AuthoritySlot, DeviceEntry, DeviceSeal, IdentityOperation } from '../../core/identity/operation.ts'
import { signOperation } from '../../core/identity/operation.ts'
import { compareBytes, toHex, utf8 } from '../../core/util/bytes.ts'
import { authorityKey, deviceEntry, people } from '../../scripts/vectors/people.ts'

/** The key of a name, the same in every run. */
export function keyOf(name: string): KeyPair {
  return keyPairFromSeed(sha256(utf8(`chain test: ${name}`)))
}

export const ADDRESS = people.inception.publicKey

/** A device of a name; its key is keyOf of the name. */
export function device(name: string, init: Partial<Pick<DeviceEntry, 'capabilities' | 'seal'>> = {}): DeviceEntry {
  return { ...deviceEntry(keyOf(name), name), ...init }
}

/** M of N keys of these names. */
export function slot(threshold: number, ...names: string[]): AuthoritySlot {
  return { threshold, keys: sortedByKey(names.map((name) => authorityKey(keyOf(name)))) }
}

export function paperHash(name: string): Uint8Array {
  return sha256(keyOf(name).publicKey)
}

export function sealAt(lastSeq: number, headId = sha256(utf8(`head ${lastSeq}`))): DeviceSeal {
  return { lastSeq, headId }
}

export interface OperationInit {
  readonly devices?: readonly DeviceEntry[]
  readonly slots?: readonly AuthoritySlot[]
  readonly paper?: Uint8Array | null
  /** Names of the keys that sign. */
  readonly by: readonly string[]
}

/** The genesis of ADDRESS: the laptop, the words, a paper key, unless told otherwise. */
export function genesisOf(init: Omit<OperationInit, 'by'> = {}): IdentityOperation {
  return signOperation(
    {
      version: 1,
      address: ADDRESS,
      prev: null,
      paperHash: init.paper === undefined ? paperHash('paper') : init.paper,
      slots: init.slots ?? [slot(1, 'words')],
      devices: sortedByKey(init.devices ?? [device('laptop')]),
      extras: {},
    },
    [people.inception],
  )
}

/** An operation after another; what isn't said stays as it was. */
export function following(prev: IdentityOperation, init: OperationInit): IdentityOperation {
  return signOperation(
    {
      version: 1,
      address: prev.address,
      prev: prev.id,
      paperHash: init.paper === undefined ? prev.paperHash : init.paper,
      slots: init.slots ?? prev.slots,
      devices: sortedByKey(init.devices ?? prev.devices),
      extras: {},
    },
    init.by.map(keyOf),
  )
}

/** After `prev`, with further devices or changed ones. */
export function adding(prev: IdentityOperation, by: string, ...devices: readonly DeviceEntry[]): IdentityOperation {
  const isNew = (key: Uint8Array) => devices.every((one) => compareBytes(one.key, key) !== 0)
  return following(prev, { by: [by], devices: [...prev.devices.filter(({ key }) => isNew(key)), ...devices] })
}

/** Name → status, '!' for contested, with the sealed seq: 'laptop' → 'sealed 3!'. */
export function statuses(state: IdentityState | null): Record<string, string> {
  const all = (state?.devices ?? []).map(({ name, status, seal, contested }) => {
    return [name, `${status}${seal === null ? '' : ` ${seal.lastSeq}`}${contested ? '!' : ''}`] as const
  })
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A state as text: equal for equal states. */
export function textOf(state: IdentityState | null): string {
  return JSON.stringify(state, (_, value) => (value instanceof Uint8Array ? toHex(value) : value))
}

function sortedByKey<T extends { readonly key: Uint8Array }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => compareBytes(a.key, b.key))
}

/** What the node keeps in the vault besides the keys. */
import { type CborMap, isCborArray, isCborMap } from '../codec/dag-cbor.ts'
import type { VaultContent } from '../identity/vault.ts'

/** Of a chain at most this much stands in the vault: own.db has all of it from the first start on. */
const MAX_CHAIN_BYTES = 524_288
const MAX_CHAIN_OPERATIONS = 64
/** Devices that this one was before, of which the vault still tells. */
const MAX_FORMER_DEVICES = 16

/** The newest operations that fit. */
export function fitting(operations: readonly Uint8Array[]): Uint8Array[] {
  let bytes = 0
  return operations
    .slice(-MAX_CHAIN_OPERATIONS)
    .reverse()
    .filter((operation) => {
      bytes += operation.length
      return bytes <= MAX_CHAIN_BYTES
    })
    .reverse()
}

/** Operations after the genesis by which this device came to the account. */
export function chainIn(content: VaultContent): Uint8Array[] {
  const chain = content.extras?.chain
  return isCborArray(chain) ? chain.filter((bytes) => bytes instanceof Uint8Array) : []
}

/** Devices that this one was before, newest first. */
export function formerIn(content: VaultContent): CborMap[] {
  const former = content.extras?.formerDevices
  return isCborArray(former) ? former.filter(isCborMap) : []
}

/** Seeds of the X25519 keys that this device had before, 32 bytes each, newest first. */
export function formerSealSeedsIn(content: VaultContent): Uint8Array[] {
  return formerIn(content).flatMap(({ sealSeed }) =>
    sealSeed instanceof Uint8Array && sealSeed.length === 32 ? [sealSeed] : [],
  )
}

/** The name that the account was made with, '' for none. */
export function nameIn(content: VaultContent): string {
  const name = content.extras?.name
  return typeof name === 'string' ? name : ''
}

/** The devices that this one was before, with the one that it is no longer. */
export function withFormer(content: VaultContent, former: CborMap): CborMap[] {
  return [former, ...formerIn(content)].slice(0, MAX_FORMER_DEVICES)
}

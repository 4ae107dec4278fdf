import { resolveChain } from '../identity/chain.ts'
import { withSignaturesOf } from '../identity/chain-path.ts'
import { sha256 } from '../identity/hash.ts'
import {
  CAPABILITY,
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  isNotice,
  MAX_OPERATION_BYTES,
  MAX_OPERATION_SIGNATURES,
} from '../identity/operation.ts'
import type { Verdict } from '../record/verdict.ts'
import type { IdentityTable } from '../store/identity-table.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { roomFor, surplusOf } from './chain-room.ts'
import { NoticeBudget } from './notice-budget.ts'

/** Chains of people of whom nothing else is held: room for those whose records are on their way. */
const MAX_UNUSED_CHAINS = 20_000
/** New chains between two looks at that. */
const SWEEP_EVERY = 1_000

/** What is stored was verified when it came in. */
const STORED = { verify: () => null }

export interface KeptOperation {
  readonly verdict: Verdict
  readonly isNew: boolean
  readonly isKept: boolean
}

/**
 * Takes checked identity operations in and keeps what their chain says of devices. Anybody can sign an operation that
 * names a stranger's address; only one by a key that the held chain names takes room here.
 */
export class ChainKeeper {
  readonly #identities: IdentityTable
  readonly #notices: NoticeBudget
  readonly #isNeeded: (address: Uint8Array) => boolean
  readonly #maxUnused: number
  #sinceSweep = 0

  /** `isNeeded` speaks for chains that stay although nothing of their author is held: pins, pending follows. */
  constructor(
    components: { readonly identities: IdentityTable; readonly clock?: Clock },
    init: { readonly isNeeded: (address: Uint8Array) => boolean; readonly maxUnused?: number },
  ) {
    this.#identities = components.identities
    this.#notices = new NoticeBudget(components)
    this.#isNeeded = init.isNeeded
    this.#maxUnused = init.maxUnused ?? MAX_UNUSED_CHAINS
  }

  /** To be called in a transaction. */
  keep(operation: IdentityOperation, bytes: Uint8Array): KeptOperation {
    const identities = this.#identities
    // Before anything that takes longer with a longer chain: anybody can send the same again.
    const same = identities.findOperation(operation.id)
    if (same !== undefined) {
      return { verdict: { verdict: 'accept' }, isNew: this.#unite(same, operation, bytes), isKept: true }
    }
    if (isNotice(operation)) {
      if (this.#notices.isOutdated(operation)) return refuse({ verdict: 'accept' })
      if (!this.#notices.take(operation)) return refuse({ verdict: 'drop', reason: 'quota' })
    }
    const isGenesis = operation.prev === null
    const known = identities.findAuthor(operation.address)
    if (!isGenesis && (known === undefined || identities.genesisHash(known) === null)) {
      return refuse({ verdict: 'hold', reason: 'unknown-identity' })
    }
    const authorId = identities.ensureAuthor(operation.address)
    const held = identities.listOperations(authorId).flatMap(readStored)
    if (!isGenesis && !isByNamedKey(operation, held)) return refuse({ verdict: 'drop', reason: 'not-owner' })
    const { verdict, isKept, surplus } = roomFor(operation, held)
    if (!isKept) {
      if (verdict.verdict === 'accept') this.#notices.noteOutdated(operation)
      return refuse(verdict)
    }
    for (const one of surplus) {
      identities.dropOperation(one.id)
      if (isNotice(operation) && isNotice(one)) this.#notices.noteOutdated(one)
    }
    identities.addOperation(authorId, { hash: operation.id, bytes, isGenesis })
    // Only the devices of the genesis may write as yet: revocation has to hide records before links may add any.
    const chain = resolveChain([...held, operation].filter(({ prev }) => prev === null))
    if (chain !== null) {
      const devices = chain.devices.filter(({ capabilities }) => (capabilities & CAPABILITY.records) !== 0)
      identities.setChain(authorId, { genesisHash: chain.genesisHash, devices: devices.map(({ key }) => key) })
    }
    if (held.length === 0) this.#sweep()
    return { verdict: { verdict: 'accept' }, isNew: true, isKept: true }
  }

  /**
   * Takes in the signatures that a held operation lacks (IDN19): somebody may have stripped it before it came here.
   * Only those whom the operation before it names can give it a rank. True when there were any.
   */
  #unite(heldBytes: Uint8Array, other: IdentityOperation, otherBytes: Uint8Array): boolean {
    if (other.prev === null || equalBytes(heldBytes, otherBytes)) return false
    const [held] = readStored(heldBytes)
    const before = this.#identities.findOperation(other.prev)
    // A notice is its signer's alone (IDN26).
    if (held === undefined || before === undefined || isNotice(held)) return false
    const isNamed = namedBy(readStored(before))
    const signatures = other.signatures.filter(({ key }) => isNamed(key))
    const united = withSignaturesOf(held, { ...other, signatures })
    if (united === held || united.signatures.length > MAX_OPERATION_SIGNATURES) return false
    const bytes = encodeOperation(united)
    if (bytes.length > MAX_OPERATION_BYTES) return false
    this.#identities.setOperationBytes(held.id, bytes)
    this.#clear(other.address)
    return true
  }

  /** What an operation that counts now leaves no room for. */
  #clear(address: Uint8Array): void {
    const authorId = this.#identities.ensureAuthor(address)
    for (const { id } of surplusOf(this.#identities.listOperations(authorId).flatMap(readStored))) {
      this.#identities.dropOperation(id)
    }
  }

  #sweep(): void {
    if (++this.#sinceSweep < Math.min(SWEEP_EVERY, this.#maxUnused)) return
    this.#sinceSweep = 0
    const surplus = this.#identities.countUnused() - this.#maxUnused
    if (surplus > 0) this.#identities.forgetUnused(surplus, this.#isNeeded)
  }
}

function readStored(bytes: Uint8Array): IdentityOperation[] {
  const { operation } = checkOperation(bytes, STORED)
  return operation === null ? [] : [operation]
}

/** Every signer is a device, an authority or a paper key of some held operation. */
function isByNamedKey(operation: IdentityOperation, held: readonly IdentityOperation[]): boolean {
  const isNamed = namedBy(held)
  return operation.signatures.every(({ key }) => isNamed(key))
}

/** Says of a key whether some held operation lists it as a device or an authority or has its hash as the paper key's. */
function namedBy(held: readonly IdentityOperation[]): (key: Uint8Array) => boolean {
  const named = new Set<string>()
  const papers = new Set<string>()
  for (const { devices, slots, paperHash } of held) {
    for (const { key } of devices) named.add(toHex(key))
    for (const { key } of slots.flatMap(({ keys }) => keys)) named.add(toHex(key))
    if (paperHash !== null) papers.add(toHex(paperHash))
  }
  return (key) => named.has(toHex(key)) || papers.has(toHex(sha256(key)))
}

function refuse(verdict: Verdict): KeptOperation {
  return { verdict, isNew: false, isKept: false }
}

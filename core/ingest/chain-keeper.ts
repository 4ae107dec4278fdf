import { type IdentityState, listRecordDevices, resolveChain } from '../identity/chain.ts'
import { isSameSeal, NOTHING_COUNTS, withSignaturesOf } from '../identity/chain-path.ts'
import { sha256 } from '../identity/hash.ts'
import {
  checkOperation,
  encodeOperation,
  type IdentityOperation,
  isNotice,
  MAX_OPERATION_BYTES,
  MAX_OPERATION_SIGNATURES,
} from '../identity/operation.ts'
import type { Verdict } from '../record/verdict.ts'
import type { ChainDevice, IdentityTable } from '../store/identity-table.ts'
import type { LogTable } from '../store/log-table.ts'
import type { SealWalker } from '../store/seal-walker.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import { roomFor, surplusOf } from './chain-room.ts'
import { NoticeBudget } from './notice-budget.ts'

/** Chains of people of whom nothing else is held: room for those whose records are on their way. */
const MAX_UNUSED_CHAINS = 20_000
/** New chains between two looks at that. */
const SWEEP_EVERY = 1_000

/** A chain of at most so many operations is resolved with the batch that brought one. */
const PROMPT_OPERATIONS = 32
/** A longer one takes up to half a second: no more often than this. */
const LONG_CHAIN_PAUSE_MS = 10_000
const MAX_STALE_PER_TURN = 8

/** What is stored was verified when it came in. */
const STORED = { verify: () => null }

export interface KeptOperation {
  readonly verdict: Verdict
  readonly isNew: boolean
  readonly isKept: boolean
}

export interface ChainKeeperComponents {
  readonly identities: IdentityTable
  readonly logs: LogTable
  readonly seals: SealWalker
  readonly clock: Clock
}

/**
 * Takes checked identity operations in, resolves their chains once a batch, and keeps what these say of devices: who may
 * write, and up to which record those count that may not any more (IDN12). Anybody can sign an operation that names a
 * stranger's address; only one by a key that the held chain names takes room here.
 */
export class ChainKeeper {
  readonly #c: ChainKeeperComponents
  readonly #notices: NoticeBudget
  readonly #isNeeded: (address: Uint8Array) => boolean
  readonly #maxUnused: number
  /** Authors whose chain has grown in this transaction. */
  readonly #grown = new Set<number>()
  /** When a long chain was resolved last, by author. */
  readonly #resolvedMs = new LruMap<number, number>(MAX_UNUSED_CHAINS)
  #sinceSweep = 0

  /** `isNeeded` speaks for chains that stay although nothing of their author is held: pins, pending follows. */
  constructor(
    components: ChainKeeperComponents,
    init: { readonly isNeeded: (address: Uint8Array) => boolean; readonly maxUnused?: number },
  ) {
    this.#c = components
    this.#notices = new NoticeBudget(components)
    this.#isNeeded = init.isNeeded
    this.#maxUnused = init.maxUnused ?? MAX_UNUSED_CHAINS
  }

  /** To be called in a transaction, which `settle` has to follow in. */
  keep(operation: IdentityOperation, bytes: Uint8Array): KeptOperation {
    const { identities } = this.#c
    // Before anything that takes longer with a longer chain: anybody can send the same again.
    const same = identities.findOperation(operation.id)
    if (same !== undefined) {
      const isNew = this.#unite(same, operation, bytes)
      if (isNew) this.#grown.add(identities.ensureAuthor(operation.address))
      return { verdict: { verdict: 'accept' }, isNew, isKept: true }
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
    // Without the extras of the wire, which nobody has signed: what is held of one operation is the same everywhere.
    identities.addOperation(authorId, { hash: operation.id, bytes: encodeOperation(operation), isGenesis })
    identities.authorities.note(authorId, operation)
    if (!isNotice(operation)) this.#grown.add(authorId)
    // The next operations of this batch have to find it.
    if (isGenesis && identities.genesisHash(authorId) === null) this.#resolve(authorId)
    if (held.length === 0) this.#sweep()
    return { verdict: { verdict: 'accept' }, isNew: true, isKept: true }
  }

  /** Resolves the chains that have grown, or puts long ones off. Called after the operations of a batch. */
  settle(): void {
    const { identities } = this.#c
    for (const authorId of this.#grown) {
      if (identities.countOperations(authorId) <= PROMPT_OPERATIONS || this.#isRested(authorId)) this.#resolve(authorId)
      else identities.markStale(authorId)
    }
    this.#grown.clear()
  }

  /** Resolves chains that were put off and have rested. Returns their authors' addresses. */
  settleMore(): Uint8Array[] {
    const { identities } = this.#c
    const rested = identities.listStale(MAX_STALE_PER_TURN).filter((authorId) => this.#isRested(authorId))
    // One long chain a turn: between two of them others get their answers.
    return rested.slice(0, 1).map((authorId) => {
      this.#resolve(authorId)
      return identities.addressOf(authorId)
    })
  }

  /** The transaction was undone. */
  abandon(): void {
    this.#grown.clear()
  }

  #isRested(authorId: number): boolean {
    const resolvedMs = this.#resolvedMs.peek(authorId)
    return resolvedMs === undefined || Math.abs(this.#c.clock.now() - resolvedMs) >= LONG_CHAIN_PAUSE_MS
  }

  #resolve(authorId: number): void {
    const { clock, identities } = this.#c
    this.#resolvedMs.set(authorId, clock.now())
    const chain = resolveChain(identities.listOperations(authorId).flatMap(readStored))
    if (chain === null) return
    const devices = toChainDevices(chain)
    identities.setChain(authorId, { genesisHash: chain.genesisHash, devices })
    this.#sealLogs(authorId, devices)
  }

  /** Logs whose seal is another one now are walked anew; one of no device of the chain counts for nothing. */
  #sealLogs(authorId: number, devices: readonly ChainDevice[]): void {
    const { logs, seals } = this.#c
    const byKey = new Map(devices.map((device) => [toHex(device.key), device]))
    for (const { logId, device } of logs.listOfAuthor(authorId)) {
      const now = byKey.get(toHex(device))
      const seal = now === undefined ? NOTHING_COUNTS : now.seal
      const before = logs.sealWalk(logId).seal
      if (isSameSeal(seal, before)) continue
      logs.setSeal(logId, seal)
      seals.note(logId)
    }
  }

  /**
   * Takes in the signatures that a held operation lacks (IDN19): somebody may have stripped it before it came here.
   * Only those whom the operation before it names can give it a rank. True when there were any.
   */
  #unite(heldBytes: Uint8Array, other: IdentityOperation, otherBytes: Uint8Array): boolean {
    const { identities } = this.#c
    if (other.prev === null || equalBytes(heldBytes, otherBytes)) return false
    const [held] = readStored(heldBytes)
    const before = identities.findOperation(other.prev)
    // A notice is its signer's alone (IDN26).
    if (held === undefined || before === undefined || isNotice(held)) return false
    const isNamed = namedBy(readStored(before))
    const signatures = other.signatures.filter(({ key }) => isNamed(key))
    const united = withSignaturesOf(held, { ...other, signatures })
    if (united === held || united.signatures.length > MAX_OPERATION_SIGNATURES) return false
    const bytes = encodeOperation(united)
    if (bytes.length > MAX_OPERATION_BYTES) return false
    identities.setOperationBytes(held.id, bytes)
    this.#clear(other.address)
    return true
  }

  /** What an operation that counts now leaves no room for. */
  #clear(address: Uint8Array): void {
    const authorId = this.#c.identities.ensureAuthor(address)
    for (const { id } of surplusOf(this.#c.identities.listOperations(authorId).flatMap(readStored))) {
      this.#c.identities.dropOperation(id)
    }
  }

  #sweep(): void {
    if (++this.#sinceSweep < Math.min(SWEEP_EVERY, this.#maxUnused)) return
    this.#sinceSweep = 0
    const { identities } = this.#c
    const surplus = identities.countUnused() - this.#maxUnused
    if (surplus > 0) identities.forgetUnused(surplus, this.#isNeeded)
  }
}

/** Devices that may write or might once. */
function toChainDevices(chain: IdentityState): ChainDevice[] {
  return listRecordDevices(chain).map(({ key, status, seal }) => ({ key, status, seal }))
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

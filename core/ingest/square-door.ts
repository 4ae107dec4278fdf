/**
 * The only door into the store. A batch goes through five steps: bytes and signatures are checked before any
 * transaction, those of people whose chain isn't held only once it is; operations are stored and their chains resolved; each record is admitted (identity, clock, quota, disk,
 * interest) or held or dropped; all that is admitted is written in one transaction with everything that follows from
 * it; then it is said what changed. What waited for a chain that came is let in with the same batch.
 */
import { type IdentityOperation, isNotice } from '../identity/operation.ts'
import { MAX_AHEAD_MS } from '../record/limits.ts'
import type { HoldReason, Verdict } from '../record/verdict.ts'
import { bytesName } from '../store/bytes-name.ts'
import type { WrittenRecord } from '../store/record-writer.ts'
import type { SealChanges } from '../store/seal-walker.ts'
import type { SquareDatabase } from '../store/square-database.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'
import { BatchEvents } from './batch-events.ts'
import type { IngestBatch, IngestedEvent, IngestOutcome, IngestResult, IngestSource } from './door.ts'
import type { DoorComponents } from './door-components.ts'
import { DropMemory } from './drop-memory.ts'
import { type CheckedInput, type IsListed, type SettledInput, wireKey } from './input-check.ts'
import { outcome } from './outcome.ts'
import { isReleased } from './released.ts'
import { isWanted } from './wanted.ts'

/** Records of strangers that were passed on and not kept, remembered so that each is passed on and charged once. */
const MAX_PASSED_ON = 20_000
/** What goes on by itself. */
const HOUSEKEEPING: IngestSource = { kind: 'import' }
const SALVAGE: IngestSource = { kind: 'salvage' }
const MAX_PURGED = 256
/** A gossiped record that is further ahead of its log's head waits for sync to close the gap. */
const MAX_SEQ_AHEAD = 10_000

interface Batch {
  readonly source: IngestSource
  readonly nowMs: number
  readonly events: BatchEvents
  readonly settled: string[]
  /** Authors for whom held records may come in now, by name. */
  readonly released: Map<string, Uint8Array>
}

export class SquareDoor {
  readonly #c: DoorComponents
  readonly #drops = new DropMemory()
  readonly #passedOn = new LruMap<string, true>(MAX_PASSED_ON)
  readonly #emit: (event: IngestedEvent) => void
  #me: Uint8Array | null = null
  #hasPurged = false

  constructor(components: DoorComponents, init: { readonly onIngested: (event: IngestedEvent) => void }) {
    this.#c = components
    this.#emit = init.onIngested
  }

  /** Address of the account on this node. */
  setAccount(address: Uint8Array | null): void {
    this.#me = address
    this.#c.admission.setAccount(address)
    this.#c.tables.projections.setAccount(address)
  }

  /** True when text was dropped since this was last asked: it still lies in a write-ahead log. */
  takePurged(): boolean {
    const hasPurged = this.#hasPurged
    this.#hasPurged = false
    return hasPurged
  }

  /** Does what can be done beside this thread for what `ingest` gets next: these very arrays. */
  async foresee({ operations, records }: IngestBatch, source: IngestSource): Promise<void> {
    const { check } = this.#c
    // What peers bring is paid for in its turn.
    if (source.kind === 'import' && operations.length > 1) await check.foreseeOperations(operations)
    if (records.length > 1) await check.foresee(records, this.#listedWith([]))
  }

  /** @throws DiskFullError and other PalabreErrors of the store; then nothing of the batch was kept */
  ingest(batch: IngestBatch, source: IngestSource): IngestResult {
    const { square, clock } = this.#c
    const operations = batch.operations.map((bytes) => ({ bytes, ...this.#checkOperation(bytes, source) }))
    const isListed = this.#listedWith(operations.flatMap(({ operation }) => operation ?? []))
    const inputs = batch.records.map((bytes) => this.#check(bytes, isListed))
    return this.#run(
      source,
      (state) => {
        const stored = operations.map(({ bytes, verdict, operation }) =>
          operation === null || verdict.verdict !== 'accept'
            ? outcome(verdict, { author: operation?.address ?? null })
            : this.#storeOperation(operation, bytes, state),
        )
        this.#c.chains.settle()
        // What no longer counts is gone before the records of the batch meet it.
        this.#noteSeals(this.#c.tables.seals.settle(state.nowMs), state)
        const records = inputs.map((input) => this.#admit(this.#recheck(input), source, clock.now(), state))
        return { operations: stored, records }
      },
      square,
    )
  }

  /** Lets in what lay here before, as it was first seen then: it was wanted. */
  takeBack(records: readonly { readonly bytes: Uint8Array; readonly seenMs: number }[]): void {
    const inputs = records.map(({ bytes, seenMs }) => ({ input: this.#check(bytes), seenMs }))
    this.#run(
      SALVAGE,
      (state) => {
        for (const { input, seenMs } of inputs) this.#admit(input, SALVAGE, seenMs, state)
      },
      this.#c.square,
    )
  }

  /** Goes on with what was too much for one batch: orders, seals and chains. */
  settleMore(): void {
    const { chains, clock, square, tables } = this.#c
    this.#run(
      HOUSEKEEPING,
      (state) => {
        for (const address of chains.settleMore()) {
          state.released.set(bytesName(address), address)
          state.events.addIdentity(address)
        }
        this.#noteSeals(tables.writer.settleMore(clock.now()), state)
      },
      square,
    )
  }

  /** Drops texts whose deletion has waited long enough. True while some are left. */
  purgeDue(): boolean {
    const { clock, own, square, tables } = this.#c
    const { purged, isLeft } = square.transaction(() => tables.effects.purgeDue(clock.now(), MAX_PURGED))
    this.#hasPurged ||= purged.length > 0
    for (const { id, deleteId, authorId } of purged) {
      const author = tables.identities.addressOf(authorId)
      if (this.#me !== null && equalBytes(author, this.#me)) own.dropBody({ id, author }, deleteId)
    }
    return isLeft
  }

  /** Lets in what was ahead of the clock and no longer is. */
  releaseDue(): void {
    const due = this.#c.holds.takeDue(this.#c.clock.now())
    for (const [source, inputs] of Map.groupBy(due, (held) => held.source)) {
      const checked = inputs.map((held) => ({ held, input: this.#check(held.bytes) }))
      this.#run(
        source,
        (state) => {
          for (const { held, input } of checked) this.#admit(input, source, held.arrivedMs, state)
          return null
        },
        this.#c.square,
      )
    }
  }

  #checkOperation(bytes: Uint8Array, source: IngestSource): { verdict: Verdict; operation: IdentityOperation | null } {
    const { check, operationBudget } = this.#c
    const key = wireKey(bytes)
    if (!check.knowsOperation(key) && !operationBudget.take(source, bytes.length)) {
      return { verdict: { verdict: 'drop', reason: 'quota' }, operation: null }
    }
    return check.checkOperation(bytes, key)
  }

  #check(bytes: Uint8Array, isListed = this.#listedWith([])): CheckedInput | SettledInput {
    const key = this.#c.check.keyOf(bytes)
    const settled = this.#c.check.settled(key)
    return settled === undefined ? this.#c.check.checkRecord(bytes, key, isListed) : { settled, key, bytes }
  }

  /** An operation of the same batch may have undone what was settled. */
  #recheck(input: CheckedInput | SettledInput): CheckedInput | SettledInput {
    if (!('settled' in input) || this.#c.check.settled(input.key) !== undefined) return input
    return this.#check(input.bytes)
  }

  /** Devices of held chains, and those that the operations of this batch list. */
  #listedWith(operations: readonly IdentityOperation[]): IsListed {
    const { identities } = this.#c.tables
    const listed = new Set(
      operations.flatMap(({ address, devices }) => devices.map(({ key }) => bytesName(address) + bytesName(key))),
    )
    return (author, device) => {
      const authorId = identities.findAuthor(author)
      if (authorId !== undefined && identities.hasDevice(authorId, device)) return true
      return listed.size > 0 && listed.has(bytesName(author) + bytesName(device))
    }
  }

  #run<T>(source: IngestSource, work: (state: Batch) => T, square: SquareDatabase): T {
    const nowMs = this.#c.clock.now()
    const state: Batch = { source, nowMs, events: new BatchEvents(source), settled: [], released: new Map() }
    let result: T
    try {
      result = square.transaction(() => {
        const value = work(state)
        this.#release(state)
        this.#noteSeals(this.#c.tables.writer.settle(nowMs), state)
        return value
      })
    } catch (error) {
      this.#c.check.unsettle(state.settled)
      this.#c.tables.writer.abandon()
      this.#c.chains.abandon()
      throw error
    }
    for (const event of state.events.list()) this.#emit(event)
    return result
  }

  #noteSeals({ authorIds, touches }: SealChanges, { events }: Batch): void {
    if (authorIds.size > 0) this.#c.check.unsettleAll()
    for (const authorId of authorIds) events.addIdentity(this.#c.tables.identities.addressOf(authorId))
    events.addReshown(touches)
  }

  /** One pass: what still can't come in goes back to waiting. */
  #release(state: Batch): void {
    if (this.#c.holds.size === 0) return
    for (const author of state.released.values()) {
      for (const held of this.#c.holds.takeByAuthor(toHex(author))) {
        this.#admit(this.#check(held.bytes), held.source, held.arrivedMs, state)
      }
    }
  }

  #storeOperation(operation: IdentityOperation, bytes: Uint8Array, state: Batch): IngestOutcome {
    const author = operation.address
    const kept = this.#c.chains.keep(operation, bytes)
    if (kept.isNew) {
      state.released.set(bytesName(author), author)
      state.events.addIdentity(author)
      // Notices go as others come: own.db keeps what the account stands on.
      const isMine = this.#me !== null && equalBytes(author, this.#me)
      if (isMine && !isNotice(operation)) this.#c.own.addOperations([bytes])
    }
    return outcome(kept.verdict, { author, isNew: kept.isNew, isKept: kept.isKept, mayForward: kept.isNew })
  }

  #admit(input: CheckedInput | SettledInput, source: IngestSource, arrivedMs: number, state: Batch): IngestOutcome {
    if ('settled' in input) {
      return outcome({ verdict: 'accept' }, { ...input.settled, isKept: true })
    }
    const { record, body, key } = input
    if (record === null) return outcome(input.verdict, {})
    const { header, id } = record
    const about = { id, author: header.author }
    const hold = source.kind === 'own' ? null : this.#holdReason(input, source, state.nowMs)
    if (hold !== null) {
      const dueMs = header.ts - MAX_AHEAD_MS
      const author = toHex(header.author)
      this.#c.holds.add(key, { bytes: input.bytes, source, reason: hold, author, arrivedMs, dueMs })
      return outcome({ verdict: 'hold', reason: hold }, about)
    }
    if (!input.isVerified) return this.#admit(this.#c.check.verify(input), source, arrivedMs, state)
    const isOurs = source.kind === 'own' || source.kind === 'salvage'
    const refusal = isOurs ? null : this.#refuse(input, source)
    if (refusal !== null) return refusal
    // Own times may run a little ahead of the clock, to rise: own records stand where they say.
    const seenMs = source.kind === 'own' ? Math.max(arrivedMs, header.ts) : arrivedMs
    const written = this.#c.tables.writer.write({
      record,
      body,
      isUnreadable: input.verdict.verdict === 'unreadable',
      seenMs,
    })
    this.#afterWrite(input, written, state)
    return outcome(input.verdict, {
      ...about,
      isNew: written.isNew,
      isKept: written.isKept,
      mayForward: written.isNew && record.body !== null,
    })
  }

  #holdReason(input: CheckedInput, source: IngestSource, nowMs: number): HoldReason | null {
    const { identities, logs } = this.#c.tables
    const { author, device, ts, seq } = (input.record as NonNullable<CheckedInput['record']>).header
    const authorId = identities.findAuthor(author)
    if (authorId === undefined || identities.genesisHash(authorId) === null) return 'unknown-identity'
    if (!identities.hasDevice(authorId, device)) return 'unknown-device'
    if (ts > nowMs + MAX_AHEAD_MS) return 'future-timestamp'
    // A log of which nothing is held yet is sync's to begin, at whatever seq: only gossip has to wait.
    const head = source.kind === 'gossip' ? logs.find(authorId, device)?.headSeq : undefined
    return head !== undefined && head > 0 && seq > head + MAX_SEQ_AHEAD ? 'seq-ahead' : null
  }

  /** Policy: what is valid and still not kept. Null when it may come in. */
  #refuse(input: CheckedInput, source: IngestSource): IngestOutcome | null {
    const { record, body, key } = input
    if (record === null) return outcome(input.verdict, {})
    const { header, id } = record
    const about = { id, author: header.author }
    const isRepeated = this.#passedOn.has(key)
    const isOwn = this.#me !== null && equalBytes(header.author, this.#me)
    const held = this.#c.tables.writer.findHeld(record)
    if (held !== undefined && (held.body !== null || record.body === null)) return null
    if (source.kind === 'gossip') {
      // A null body answers nothing here (LOG2); whoever has the body may still bring it.
      if (record.body === null) return outcome({ verdict: 'drop', reason: 'not-wanted' }, about)
      // Anybody can send a stranger's old records again in a new wrapping: that must not eat up the stranger's quota.
      if (!isOwn && !isRepeated && !this.#c.quota.take(toHex(header.author))) {
        return outcome({ verdict: 'drop', reason: 'quota' }, about)
      }
    }
    if (isOwn || this.#c.admission.erases(header, body)) return null
    const isLow = this.#c.disk.isLow
    const isAskedFor = source.kind === 'import' || source.kind === 'welcome' || source.kind === 'asked'
    const isLetGo = held === undefined && isReleased(this.#c, header, isAskedFor)
    const isKept = held !== undefined || isWanted(this.#c, { id, header, body }, source)
    if (!isLow && !isLetGo && isKept) return null
    if (!isLow && !isLetGo) this.#drops.remember(input, source)
    if (source.kind !== 'gossip') return outcome({ verdict: 'drop', reason: isLow ? 'disk-low' : 'not-wanted' }, about)
    if (isRepeated) return outcome(input.verdict, about)
    this.#passedOn.set(key, true)
    return outcome({ verdict: 'drop', reason: isLow ? 'disk-low' : 'not-wanted' }, { ...about, mayForward: true })
  }

  #afterWrite(input: CheckedInput, written: WrittenRecord, state: Batch): void {
    const { record } = input
    if (record === null) return
    const { header, id } = record
    if (written.isKept && record.body !== null) {
      this.#c.check.settle(input.key, id, header.author)
      state.settled.push(input.key)
    }
    if (!written.isNew) return
    const row = input.body === null ? undefined : this.#c.tables.records.find(id)
    if (row !== undefined && input.body !== null) {
      this.#c.tables.inbox.note(row.recordKey, header, input.body, state.nowMs)
    }
    this.#hasPurged ||= written.purged !== null
    const isOwn = this.#me !== null && equalBytes(header.author, this.#me)
    if (written.purged !== null && isOwn) {
      this.#c.own.dropBody({ id: written.purged.id, author: header.author }, written.purged.deleteId)
    }
    if (isOwn && state.source.kind !== 'own') {
      this.#c.ownLog.noteForeign(record, this.#c.tables.records.find(id)?.deleteId ?? null)
    }
    state.events.addRecord({
      id,
      author: header.author,
      device: header.device,
      seq: header.seq,
      kind: header.kind,
      touches: written.touches,
      isHome: written.isHome,
      isOwn,
      media: this.#wantedMedia(written.media, header.author),
      ...(written.isForked && { isForked: true as const }),
      ...(written.isNotice && { isNotice: true as const }),
    })
    if (written.isAfterHole || written.isLoose) {
      state.events.addGap(header.author, header.device)
    }
    state.released.set(bytesName(header.author), header.author)
    for (const dropped of this.#drops.takeWanted(header.author, input.body)) {
      this.#admit(this.#check(dropped.bytes), dropped.source, state.nowMs, state)
    }
  }

  /** Pictures of authors that are kept whole; those of strangers wait for a click. */
  #wantedMedia(roots: readonly string[], author: Uint8Array): string[] {
    const { admission, media, tables } = this.#c
    if (roots.length === 0) return []
    const missing: string[] = []
    for (const root of roots) {
      if (media.hasDag(root)) tables.mediaRefs.noteHere(root, true)
      else missing.push(root)
    }
    return admission.wantsEveryone || admission.isKeptAuthor(author) ? missing : []
  }
}

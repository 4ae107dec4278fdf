import type { SignedRecord } from '../record/envelope.ts'
import type { DecodedBody } from '../record/kinds/kind-table.ts'
import { compareBytes, equalBytes } from '../util/bytes.ts'
import { type ForkTable, MAX_FORKS } from './fork-table.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { LogRow, LogTable } from './log-table.ts'
import { OrderSettler } from './order-settler.ts'
import type { Effects, RecordEffects } from './record-effects.ts'
import { type Arrival, RECORD_STATE, type RecordRow, type RecordState, type RecordTable } from './record-table.ts'
import type { SealChanges, SealWalker } from './seal-walker.ts'
import type { Tombstone } from './tombstone-table.ts'

/** A record that comes this long after it was signed, into a gap that has stood as long, is late (LOG9). */
const LATE_MS = 3_600_000

export interface WriterTables {
  readonly identities: IdentityTable
  readonly logs: LogTable
  readonly forks: ForkTable
  readonly records: RecordTable
  readonly home: HomeTable
  readonly effects: RecordEffects
  readonly seals: SealWalker
}

/** A record that was checked: signature right, device in its chain. */
export interface CheckedInput {
  readonly record: SignedRecord
  /** Null for a body that is absent or can't be read. */
  readonly body: DecodedBody | null
  readonly isUnreadable: boolean
  /** When this node first saw it, milliseconds since 1970. */
  readonly seenMs: number
}

export interface WrittenRecord extends Effects {
  readonly isNew: boolean
  /** Held with its body or its verified deletion. */
  readonly isKept: boolean
  /** It belongs to a branch of its log that goes on below and isn't held. */
  readonly isLoose: boolean
}

const UNCHANGED = { touches: [], media: [], isHome: false, purged: null, isLoose: false }

/** Puts checked records and all that follows from them into the tables. Runs inside a transaction of the caller. */
export class RecordWriter {
  readonly #tables: WriterTables
  readonly #settler: OrderSettler

  constructor(tables: WriterTables) {
    this.#tables = tables
    this.#settler = new OrderSettler(tables)
  }

  /** Settles the order of what was written, and what seals hide, at the end of its transaction. */
  settle(nowMs: number): SealChanges {
    this.#settler.settle()
    return this.#tables.seals.settle(nowMs)
  }

  /** Forgets what was to be settled: the transaction was undone. */
  abandon(): void {
    this.#settler.abandon()
    this.#tables.seals.abandon()
  }

  /** Goes on with logs that were too long to settle at once, in a transaction of the caller. */
  settleMore(nowMs: number): SealChanges {
    this.#settler.settleMore()
    return this.#tables.seals.settleMore(nowMs)
  }

  /** What follows from the record happens now, unless its device is sealed: then the walk from the seal decides. */
  write(input: CheckedInput): WrittenRecord {
    const { effects, identities, logs, records } = this.#tables
    const { record, body, seenMs } = input
    const { header } = record
    const held = records.find(record.id)
    const authorId = identities.ensureAuthor(header.author)
    if (held !== undefined) {
      if (held.state !== RECORD_STATE.missing || record.body === null) {
        return { ...UNCHANGED, isNew: false, isKept: held.state !== RECORD_STATE.missing }
      }
      const row = records.setBody(held, { state: stateOf(input, null), body: record.body, deleteId: null })
      logs.addHeld(row.logId, row.seq)
      return this.#wrote(row, body, seenMs)
    }
    const log = logs.ensure(authorId, header.device)
    const room = header.seq <= log.headSeq ? this.#makeRoom(log, header.seq, record.id) : 'alone'
    if (room === 'none') return { ...UNCHANGED, isNew: false, isKept: false }
    const claimedDelete = record.absence?.reason === 'deleted' ? record.absence.deleteId : null
    const tombstone = effects.deletionOf({ id: record.id, kind: header.kind, claimedDelete }, authorId, body)
    const state = stateOf(input, tombstone)
    const isSealed = logs.sealWalk(log.logId).seal !== null
    const row = records.insert({
      id: record.id,
      authorId,
      logId: log.logId,
      seq: header.seq,
      kind: header.kind,
      tsMs: header.ts,
      seenMs,
      state,
      isHidden: isSealed,
      isLate: this.#isLate(log, header, seenMs),
      header: record.headerBytes,
      signature: record.signature,
      body: state === RECORD_STATE.deleted ? null : record.body,
      deleteId: tombstone?.deleteId ?? null,
    })
    logs.raiseHead(log.logId, header.seq)
    if (state !== RECORD_STATE.missing) logs.addHeld(log.logId, header.seq)
    if (header.seq < log.headSeq) this.#settler.note(log.logId, authorId, header.seq)
    if (isSealed) this.#tables.seals.note(log.logId)
    const place = { id: record.id, seq: header.seq, prev: header.prev }
    const link = this.#tables.forks.judge(log, place, room === 'beside')
    if (link !== 'linked') logs.markForked(log.logId)
    return { ...this.#wrote(row, body, seenMs), isLoose: link === 'open' }
  }

  #wrote(row: RecordRow, body: DecodedBody | null, nowMs: number): WrittenRecord {
    const done = row.isHidden ? UNCHANGED : this.#tables.effects.apply(row, body, nowMs)
    return { ...done, isNew: true, isKept: row.state !== RECORD_STATE.missing, isLoose: false }
  }

  /** What lies below everything held is history on its way, however long that takes. */
  #isLate(log: LogRow, { seq, ts }: { readonly seq: number; readonly ts: number }, seenMs: number): boolean {
    if (seq >= log.headSeq || seenMs - ts <= LATE_MS) return false
    const { records } = this.#tables
    const { above, below } = records.neighbours(log.logId, seq)
    const isEdge = (one: Arrival | null) => one !== null && (one.isLate || seenMs - one.seenMs >= LATE_MS)
    if (!isEdge(above) || !isEdge(below)) return false
    // Looked at again only now: it costs more, and nearly nothing comes as far as here.
    const others = records.neighboursBesideProfiles(log.logId, seq)
    return isEdge(others.above) && isEdge(others.below)
  }

  /** A device that signs a seq twice is marked; of many records the lowest ids stay. `none` when this one is surplus. */
  #makeRoom(log: LogRow, seq: number, id: Uint8Array): 'alone' | 'beside' | 'none' {
    const { logs, records, effects } = this.#tables
    const others = records.listAtSeq(log.logId, seq)
    if (others.length === 0) return 'alone'
    logs.markForked(log.logId)
    if (others.length < MAX_FORKS) return 'beside'
    const { nextId, nextSeq, seal } = logs.sealWalk(log.logId)
    const isNext = (one: Uint8Array) => nextSeq === seq && nextId !== null && equalBytes(nextId, one)
    const isPassed = seal !== null && seq <= seal.lastSeq && seq > nextSeq
    // What a seal links to stays, whatever its id: the record that comes next on the way down, and those on it.
    const highest = others.findLast((other) => !isNext(other.id) && !(isPassed && !other.isHidden)) as RecordRow
    if (!isNext(id) && compareBytes(id, highest.id) > 0) return 'none'
    effects.hide(highest)
    records.remove({ ...highest, isHidden: true })
    return 'beside'
  }
}

function stateOf(input: CheckedInput, tombstone: Tombstone | null): RecordState {
  if (tombstone !== null) return RECORD_STATE.deleted
  if (input.record.body === null) return RECORD_STATE.missing
  return input.isUnreadable ? RECORD_STATE.unreadable : RECORD_STATE.shown
}

import type { RecordHeader, SignedRecord } from '../record/envelope.ts'
import type { DecodedBody } from '../record/kinds/kind-table.ts'
import { compareBytes, equalBytes } from '../util/bytes.ts'
import { type ForkTable, MAX_FORKS } from './fork-table.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { LogGap } from './log-gaps.ts'
import type { Arrival } from './log-neighbours.ts'
import type { LogRow, LogTable } from './log-table.ts'
import { OrderSettler } from './order-settler.ts'
import type { Projections } from './projections.ts'
import type { Effects, RecordEffects } from './record-effects.ts'
import { RECORD_STATE, type RecordRow, type RecordState, type RecordTable } from './record-table.ts'
import type { SealChanges, SealWalker } from './seal-walker.ts'
import { storeHeader } from './stored-header.ts'
import type { Tombstone } from './tombstone-table.ts'

/** A record that comes this long after it was signed, into a gap that has stood as long, is late (LOG9). */
const LATE_MS = 3_600_000

export interface WriterTables {
  readonly identities: IdentityTable
  readonly logs: LogTable
  readonly forks: ForkTable
  readonly records: RecordTable
  readonly home: HomeTable
  readonly projections: Pick<Projections, 'move'>
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
  /** It is new, and the record before it is not held. */
  readonly isAfterHole: boolean
  /** It belongs to a branch of its log that goes on below and isn't held. */
  readonly isLoose: boolean
  /** Its number or the one before is forked (LOG11). */
  readonly isForked: boolean
}

const UNCHANGED = {
  touches: [],
  media: [],
  isHome: false,
  purged: null,
  isAfterHole: false,
  isLoose: false,
  isForked: false,
}

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

  /** The row of a record with this id, which its header was hashed to. */
  findHeld({ id, header }: Pick<SignedRecord, 'id' | 'header'>): RecordRow | undefined {
    const { identities, logs, records } = this.#tables
    const authorId = identities.findAuthor(header.author)
    const log = authorId === undefined ? undefined : logs.find(authorId, header.device)
    return log === undefined ? undefined : this.#gapOf(log, header.seq) === null ? records.find(id) : undefined
  }

  /** What follows from the record happens now, unless its device is sealed: then the walk from the seal decides. */
  write(input: CheckedInput): WrittenRecord {
    const { effects, identities, logs, records } = this.#tables
    const { record, body, seenMs } = input
    const { header } = record
    const authorId = identities.ensureAuthor(header.author)
    const log = logs.ensure(authorId, header.device)
    const gap = this.#gapOf(log, header.seq)
    const held = gap === null ? records.find(record.id) : undefined
    if (held !== undefined) {
      if (held.state !== RECORD_STATE.missing) return { ...UNCHANGED, isNew: false, isKept: true }
      if (record.body === null) return { ...UNCHANGED, isNew: false, isKept: this.#explain(held, record) }
      const row = records.setBody(held, { state: stateOf(input, null), body: record.body, deleteId: null })
      logs.addHeld(row.logId, row.seq)
      return { ...this.#wrote(row, body, seenMs), isAfterHole: this.#isAfterHole(log, header.seq, null) }
    }
    const room = gap === null && header.seq <= log.headSeq ? this.#makeRoom(log, header.seq, record.id) : 'alone'
    if (room === 'none') return { ...UNCHANGED, isNew: false, isKept: false }
    const tombstone = effects.deletionOf({ ...claimOf(record), id: record.id, kind: header.kind }, authorId, body)
    const state = stateOf(input, tombstone)
    const kept = state === RECORD_STATE.deleted ? null : record.body
    const row = records.insert(
      {
        id: record.id,
        authorId,
        logId: log.logId,
        seq: header.seq,
        kind: header.kind,
        tsMs: header.ts,
        seenMs,
        state,
        isHidden: log.isSealed,
        isLate: this.#isLate(log, header, seenMs, gap),
        storedHeader: storeHeader(record, kept),
        signature: record.signature,
        body: kept,
        deleteId: tombstone?.deleteId ?? null,
      },
      gap === null ? null : { gap, prev: header.prev },
    )
    const isTop = header.seq > log.headSeq
    logs.raiseHead(log.logId, header.seq)
    if (state !== RECORD_STATE.missing) logs.addHeld(log.logId, header.seq)
    // Where it is no later than what comes after it nothing moves.
    const isInOrder = gap !== null && gap.above !== null && row.effectiveMs <= gap.above.effectiveMs
    if (!isTop && !isInOrder) this.#settler.note(log.logId, authorId, header.seq)
    if (log.isSealed) this.#tables.seals.note(log.logId)
    const place = { id: record.id, seq: header.seq, prev: header.prev }
    // What a beat names at this seq may be another record.
    const isPlain = gap !== null && log.beatSeq !== header.seq && fitsInto(gap, place)
    const link = isPlain ? 'linked' : this.#tables.forks.judge(log, place, room === 'beside')
    if (link !== 'linked') logs.markForked(log.logId)
    const isAfterHole = this.#isAfterHole(log, header.seq, gap)
    return { ...this.#wrote(row, body, seenMs), isAfterHole, isLoose: link === 'open', isForked: link !== 'linked' }
  }

  /** Null where something of this seq is held, and for a log that is no chain. */
  #gapOf(log: LogRow, seq: number): LogGap | null {
    return log.isForked ? null : this.#tables.records.gapAt(log.logId, seq)
  }

  #isAfterHole({ logId, releasedSeq }: LogRow, seq: number, gap: LogGap | null): boolean {
    if (seq === 1 || seq <= releasedSeq + 1) return false
    return (gap !== null && gap.below?.seq !== seq - 1) || !this.#tables.logs.isHeld(logId, seq - 1)
  }

  /** True when a deletion that is here by now says why the body isn't: nobody will bring it any more. */
  #explain(held: RecordRow, record: SignedRecord): boolean {
    const { effects, logs, records } = this.#tables
    const tombstone = effects.deletionOf({ ...claimOf(record), id: held.id, kind: held.kind }, held.authorId, null)
    if (tombstone === null) return false
    records.setBody(held, { state: RECORD_STATE.deleted, body: null, deleteId: tombstone.deleteId })
    logs.addHeld(held.logId, held.seq)
    return true
  }

  #wrote(row: RecordRow, body: DecodedBody | null, nowMs: number): WrittenRecord {
    const done = row.isHidden ? UNCHANGED : this.#tables.effects.apply(row, body, nowMs)
    return { ...UNCHANGED, ...done, isNew: true, isKept: row.state !== RECORD_STATE.missing }
  }

  /** What lies below everything held is history on its way, however long that takes. */
  #isLate(log: LogRow, { seq, ts }: RecordHeader, seenMs: number, gap: LogGap | null): boolean {
    if (seq >= log.headSeq || seenMs - ts <= LATE_MS) return false
    const { records } = this.#tables
    const { above, below } = gap ?? records.neighbours.find(log.logId, seq)
    const isEdge = (one: Arrival | null) => one !== null && (one.isLate || seenMs - one.seenMs >= LATE_MS)
    if (!isEdge(above) || !isEdge(below)) return false
    // Looked at again only now: it costs more, and nearly nothing comes as far as here.
    const others = records.neighbours.findBesideProfiles(log.logId, seq)
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

/** It and its neighbours name each other, as in nearly every log. */
function fitsInto(
  { above, below }: LogGap,
  { id, seq, prev }: { id: Uint8Array; seq: number; prev: Uint8Array | null },
) {
  if (prev !== null && below !== null && below.seq === seq - 1 && !equalBytes(below.id, prev)) return false
  return above === null || above.seq !== seq + 1 || above.prev === null || equalBytes(above.prev, id)
}

function claimOf({ absence }: SignedRecord): { readonly claimedDelete: Uint8Array | null } {
  return { claimedDelete: absence?.reason === 'deleted' ? absence.deleteId : null }
}

function stateOf(input: CheckedInput, tombstone: Tombstone | null): RecordState {
  if (tombstone !== null) return RECORD_STATE.deleted
  if (input.record.body === null) return RECORD_STATE.missing
  return input.isUnreadable ? RECORD_STATE.unreadable : RECORD_STATE.shown
}

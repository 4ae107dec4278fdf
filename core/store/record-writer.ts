import type { SignedRecord } from '../record/envelope.ts'
import { type DecodedBody, KIND } from '../record/kinds/kind-table.ts'
import { compareBytes, equalBytes } from '../util/bytes.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { LogTable } from './log-table.ts'
import { OrderSettler } from './order-settler.ts'
import type { Projected, Projections } from './projections.ts'
import { RECORD_STATE, type RecordRow, type RecordState, type RecordTable } from './record-table.ts'
import type { Tombstone, TombstoneTable } from './tombstone-table.ts'

/** Records with one (author, device, seq) that are kept: the lowest ids (LOG3). */
const MAX_FORKS = 4

export interface WriterTables {
  readonly identities: IdentityTable
  readonly logs: LogTable
  readonly records: RecordTable
  readonly tombstones: TombstoneTable
  readonly home: HomeTable
  readonly projections: Projections
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

export interface WrittenRecord extends Projected {
  readonly isNew: boolean
  /** Held with its body or its verified deletion. */
  readonly isKept: boolean
  readonly isHome: boolean
  /** Id of an own post whose text went away by this record. */
  readonly purged: { readonly id: Uint8Array; readonly deleteId: Uint8Array } | null
}

const UNCHANGED = { touches: [], media: [], isHome: false, purged: null }

/** Puts checked records and all that follows from them into the tables. Runs inside a transaction of the caller. */
export class RecordWriter {
  readonly #tables: WriterTables
  readonly #settler: OrderSettler

  constructor(tables: WriterTables) {
    this.#tables = tables
    this.#settler = new OrderSettler(tables)
  }

  /** Settles the order of what was written, at the end of its transaction. */
  settle(): void {
    this.#settler.settle()
  }

  /** Forgets what was to be settled: the transaction was undone. */
  abandon(): void {
    this.#settler.abandon()
  }

  /** Goes on with logs that were too long to settle at once, in a transaction of the caller. True while some are left. */
  settleMore(): boolean {
    return this.#settler.settleMore()
  }

  /** `me` is the address of the account on this node. */
  write(input: CheckedInput, me: Uint8Array | null): WrittenRecord {
    const { identities, logs, records, tombstones } = this.#tables
    const { record } = input
    const { header } = record
    const held = records.find(record.id)
    const authorId = identities.ensureAuthor(header.author)
    if (held !== undefined) {
      if (held.state !== RECORD_STATE.missing || record.body === null) {
        return { ...UNCHANGED, isNew: false, isKept: held.state !== RECORD_STATE.missing }
      }
      const row = records.setBody(held, { state: stateOf(input, null), body: record.body, deleteId: null })
      logs.addHeld(row.logId, row.seq)
      return this.#project(row, input, me)
    }
    const log = logs.ensure(authorId, header.device)
    if (header.seq <= log.headSeq && !this.#makeRoom(log.logId, header.seq, record.id))
      return { ...UNCHANGED, isNew: false, isKept: false }
    const tombstone = header.kind === KIND.post ? tombstones.find(record.id, authorId) : null
    const state = stateOf(input, tombstone)
    const row = records.insert({
      id: record.id,
      authorId,
      logId: log.logId,
      seq: header.seq,
      kind: header.kind,
      tsMs: header.ts,
      seenMs: input.seenMs,
      state,
      header: record.headerBytes,
      signature: record.signature,
      body: state === RECORD_STATE.deleted ? null : record.body,
      deleteId: tombstone?.deleteId ?? null,
    })
    logs.raiseHead(log.logId, header.seq)
    if (state !== RECORD_STATE.missing) logs.addHeld(log.logId, header.seq)
    if (header.seq < log.headSeq) this.#settler.note(log.logId, authorId, header.seq)
    return this.#project(row, input, me)
  }

  #project(row: RecordRow, input: CheckedInput, me: Uint8Array | null): WrittenRecord {
    const { home, projections, records } = this.#tables
    const isHere = row.state === RECORD_STATE.shown && input.body !== null
    const projected = isHere ? projections.apply(row, input.body as DecodedBody, me) : { touches: [], media: [] }
    home.refresh(row)
    const kept = { isNew: true, isKept: row.state !== RECORD_STATE.missing }
    if (row.kind === KIND.post) {
      const touches = projected.touches.length > 0 ? projected.touches : [row.id]
      return { ...kept, touches, media: projected.media, isHome: home.holds(row.recordKey), purged: null }
    }
    if (isHere && input.body?.kind === 'delete') {
      const { author, id } = input.body.body.subject
      if (equalBytes(author, input.record.header.author)) return { ...kept, ...this.#delete(row, id) }
    }
    if (isHere && input.body?.kind === 'repost' && home.hasAuthor(row.authorId)) {
      const post = records.find(input.body.body.subject.id)
      return { ...kept, ...projected, isHome: post !== undefined && home.holds(post.recordKey), purged: null }
    }
    return { ...kept, ...projected, isHome: false, purged: null }
  }

  /** Drops the text of the target, now or when it comes; only a post's, so that every order ends alike. */
  #delete(row: RecordRow, targetId: Uint8Array): Projected & Pick<WrittenRecord, 'isHome' | 'purged'> {
    const { tombstones, records, logs, home, projections } = this.#tables
    const tombstone = tombstones.put(targetId, row.authorId, { deleteId: row.id, tsMs: row.tsMs })
    const purged = { id: targetId, deleteId: tombstone.deleteId }
    const target = records.find(targetId)
    if (target === undefined || target.kind !== KIND.post || target.authorId !== row.authorId) {
      return { touches: [targetId], media: [], isHome: false, purged }
    }
    const removed = projections.removePost(target)
    const deleted = records.setBody(target, {
      state: RECORD_STATE.deleted,
      body: null,
      deleteId: tombstone.deleteId,
    })
    logs.addHeld(target.logId, target.seq)
    home.refresh(deleted)
    return { touches: removed.touches, media: [], isHome: false, purged }
  }

  /** A device that signs a seq twice is marked; of many records the lowest ids stay. False when this one is surplus. */
  #makeRoom(logId: number, seq: number, id: Uint8Array): boolean {
    const { logs, records, projections, home } = this.#tables
    const others = records.listAtSeq(logId, seq)
    if (others.length === 0) return true
    logs.markForked(logId)
    const highest = others.at(-1) as RecordRow
    if (others.length < MAX_FORKS) return true
    if (compareBytes(id, highest.id) > 0) return false
    if (highest.kind === KIND.post) {
      projections.removePost(highest)
      home.refresh({ ...highest, state: RECORD_STATE.missing })
    }
    records.remove(highest)
    return true
  }
}

function stateOf(input: CheckedInput, tombstone: Tombstone | null): RecordState {
  if (tombstone !== null) return RECORD_STATE.deleted
  if (input.record.body === null) return RECORD_STATE.missing
  return input.isUnreadable ? RECORD_STATE.unreadable : RECORD_STATE.shown
}

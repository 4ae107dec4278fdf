import type { AuthorCounts } from './author-counts.ts'
import { type LogGap, LogGaps } from './log-gaps.ts'
import { LogNeighbours } from './log-neighbours.ts'
import type { SquareDatabase } from './square-database.ts'
import { headerLength, isWholeHeader, wholeHeader } from './stored-header.ts'

/** What a record's body is to this node. */
export const RECORD_STATE = {
  /** Here, and readable or of a kind that this version doesn't know. */
  shown: 0,
  /** Dropped, with its author's verified delete. */
  deleted: 1,
  /** Not here yet. */
  missing: 2,
  /** Here, and breaks the rules of its kind. */
  unreadable: 3,
} as const
export type RecordState = (typeof RECORD_STATE)[keyof typeof RECORD_STATE]

export interface RecordRow {
  readonly recordKey: number
  readonly id: Uint8Array
  readonly authorId: number
  readonly logId: number
  readonly seq: number
  readonly kind: number
  readonly tsMs: number
  readonly sortMs: number
  readonly state: RecordState
  /** Beyond its device's seal, or not linked to it: kept, passed on, and nowhere else to be found. */
  readonly isHidden: boolean
  /** What `storeHeader` has made of it; the whole one is `headerOf`. */
  readonly storedHeader: Uint8Array
  readonly signature: Uint8Array
  /** Still here for a while after a deletion of many. */
  readonly body: Uint8Array | null
  readonly deleteId: Uint8Array | null
}

export interface NewRecordRow {
  readonly id: Uint8Array
  readonly authorId: number
  readonly logId: number
  readonly seq: number
  readonly kind: number
  readonly tsMs: number
  readonly seenMs: number
  readonly state: RecordState
  readonly isHidden: boolean
  /** It came into a gap that had stood for long (LOG9). */
  readonly isLate: boolean
  readonly storedHeader: Uint8Array
  readonly signature: Uint8Array
  readonly body: Uint8Array | null
  readonly deleteId: Uint8Array | null
}

/** Where a record goes of whose seq nothing else is held. */
export interface FreePlace {
  readonly gap: LogGap
  /** What the record names as the one before it. */
  readonly prev: Uint8Array | null
}

/** A record whose place in time changed. */
export interface MovedRecord {
  readonly recordKey: number
  readonly id: Uint8Array
  readonly kind: number
  readonly sortMs: number
}

/**
 * Honest clocks differ by this much: without it, what a peer a moment ahead wrote in one breath would all sort at the
 * time it was seen, and so by id.
 */
const CLOCK_GRACE_MS = 5_000

/** Part of a log whose effective times are still to be carried on. */
export interface CarrySpan {
  readonly from: number
  readonly to: number
}

export interface CarryResult {
  readonly moved: readonly MovedRecord[]
  /** Rows looked at. */
  readonly read: number
  /** Last seq that was looked at. */
  readonly upTo: number
  readonly rest: CarrySpan | null
}

/** Bytes that a record takes beside its body, roughly: header, signature, rows and indexes. */
const ROW_OVERHEAD_BYTES = 256

const PAGE_ROWS = 256
/** More than one seq can hold, so that a page never cuts the only group it has. */
const FIRST_ROWS = 6

const COLUMNS =
  'record_key, id, author_id, log_id, seq, kind, ts_ms, sort_ms, state, is_hidden, header, signature, body, delete_id'

/**
 * Records as rows, and the order they sort in: effective time is the highest `ts` of the log up to the record, so that
 * a clock that stepped back doesn't reorder a conversation; the sort time is that, or when it was first seen if earlier.
 */
export class RecordTable {
  readonly neighbours: LogNeighbours
  readonly #counts: AuthorCounts
  readonly #gaps: LogGaps
  readonly #byId
  readonly #atSeq
  readonly #insert
  readonly #remove
  readonly #setBody
  readonly #effectiveBelow
  readonly #fromSeq
  readonly #setEffective
  readonly #setHidden
  readonly #hiddenOf
  readonly #shownOf
  readonly #deletesSince
  readonly #hiddenStates
  readonly #shownStates
  readonly #latestAfter
  readonly #ofKind
  readonly #byKinds
  readonly #placeOf

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>, counts: AuthorCounts) {
    const { db } = square
    this.#counts = counts
    this.#gaps = new LogGaps(square)
    this.neighbours = new LogNeighbours(db)
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM record WHERE id = ?`)
    this.#atSeq = db.prepare(`SELECT ${COLUMNS} FROM record WHERE log_id = ? AND seq = ? ORDER BY id`)
    this.#insert = db.prepare(
      `INSERT INTO record (id, author_id, log_id, seq, kind, ts_ms, effective_ms, seen_ms, sort_ms, state, is_hidden,
         is_late, delete_id, header, signature, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#remove = db.prepare('DELETE FROM record WHERE record_key = ?')
    this.#setBody = db.prepare('UPDATE record SET state = ?, body = ?, delete_id = ?, header = ? WHERE record_key = ?')
    this.#effectiveBelow = db.prepare(
      'SELECT seq, effective_ms FROM record WHERE log_id = ? AND seq < ? ORDER BY seq DESC, effective_ms DESC LIMIT 4',
    )
    this.#fromSeq = db.prepare(
      `SELECT record_key, id, kind, seq, ts_ms, effective_ms, seen_ms FROM record WHERE log_id = ? AND seq > ? ORDER BY seq, record_key LIMIT ?`,
    )
    this.#setEffective = db.prepare('UPDATE record SET effective_ms = ?, sort_ms = ? WHERE record_key = ?')
    this.#setHidden = db.prepare('UPDATE record SET is_hidden = ? WHERE record_key = ?')
    const flagged = (isHidden: 0 | 1) =>
      db.prepare(
        `SELECT ${COLUMNS} FROM record INDEXED BY ${isHidden === 1 ? 'record_hidden' : 'record_by_log'}
         WHERE log_id = ? AND is_hidden = ${isHidden} AND seq BETWEEN ? AND ?
         ORDER BY seq DESC, record_key DESC LIMIT ?`,
      )
    this.#hiddenOf = flagged(1)
    this.#shownOf = flagged(0)
    this.#deletesSince = db.prepare('SELECT count(*) AS n FROM record WHERE log_id = ? AND kind = 7 AND seen_ms > ?')
    this.#placeOf = db.prepare(
      'SELECT author.address AS author, log.device AS device FROM author, log WHERE author.author_id = ? AND log.log_id = ?',
    )
    this.#byKinds = db.prepare(
      `SELECT ${COLUMNS} FROM record WHERE record_key > ? AND kind IN (SELECT value FROM json_each(?))
       ORDER BY record_key LIMIT ?`,
    )
    const states = (isHidden: 0 | 1) =>
      db.prepare(
        `SELECT ${COLUMNS} FROM record INDEXED BY ${isHidden === 1 ? 'record_hidden' : 'record_by_log'}
         WHERE log_id = ? AND is_hidden = ${isHidden} AND ts_ms BETWEEN ? AND ? AND state = 0
         AND kind IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`,
      )
    this.#hiddenStates = states(1)
    this.#shownStates = states(0)
    this.#latestAfter = db.prepare(
      `SELECT max(ts_ms) AS ts_ms FROM record INDEXED BY record_by_log
       WHERE log_id = ? AND seq > ? AND kind IN (SELECT value FROM json_each(?))`,
    )
    this.#ofKind = db.prepare(
      `SELECT ${COLUMNS} FROM record WHERE author_id = ? AND kind = ? AND state = 0 AND is_hidden = 0
       ORDER BY ts_ms DESC, id DESC LIMIT ?`,
    )
  }

  find(id: Uint8Array): RecordRow | undefined {
    const row = this.#byId.get(id)
    return row === undefined ? undefined : fromRow(row)
  }

  /** More than one where the device signed a seq twice; lowest id first. */
  listAtSeq(logId: number, seq: number): RecordRow[] {
    return this.#atSeq.all(logId, seq).map(fromRow)
  }

  /** The gap of a log that this seq lies in, null where a record of it is held; for logs that aren't forked. */
  gapAt(logId: number, seq: number): LogGap | null {
    return this.#gaps.find(logId, seq)
  }

  /** `place` where `gapAt` has found one. */
  insert(row: NewRecordRow, place: FreePlace | null): RecordRow & { readonly effectiveMs: number } {
    const { logId, seq } = row
    const effectiveMs = Math.max(
      row.tsMs,
      place === null ? this.#highestBelow(logId, seq) : (place.gap.below?.effectiveMs ?? 0),
    )
    const sortMs = sortTime(effectiveMs, row.seenMs)
    const result = this.#insert.run(
      row.id,
      row.authorId,
      logId,
      seq,
      row.kind,
      row.tsMs,
      effectiveMs,
      row.seenMs,
      sortMs,
      row.state,
      row.isHidden ? 1 : 0,
      row.isLate ? 1 : 0,
      row.deleteId,
      row.storedHeader,
      row.signature,
      row.body,
    )
    this.#counts.add(row.authorId, { records: 1, bytes: bytesOf(row), posts: countsAsPost(row) })
    if (place === null) this.#gaps.forget(logId)
    else {
      const { id, seenMs, isLate } = row
      this.#gaps.fill(logId, place.gap, { id, seq, prev: place.prev, effectiveMs, seenMs, isLate })
    }
    return { ...row, recordKey: Number(result.lastInsertRowid), sortMs, effectiveMs }
  }

  /** Forgets a record altogether: the surplus of a device that signed one seq many times, and what makes room. Returns its bytes. */
  remove(row: RecordRow): number {
    const bytes = bytesOf(row)
    this.#remove.run(row.recordKey)
    this.#counts.add(row.authorId, { records: -1, bytes: -bytes, posts: -countsAsPost(row) })
    this.#gaps.forget(row.logId)
    return bytes
  }

  /** Takes a body in (missing → here) or drops it (→ deleted). */
  setBody(
    row: RecordRow,
    change: { state: RecordState; body: Uint8Array | null; deleteId: Uint8Array | null },
  ): RecordRow {
    const { storedHeader } = row
    // Without its body nothing else says what was signed.
    const header = change.body === null ? (this.headerOf(row) ?? storedHeader) : storedHeader
    this.#setBody.run(change.state, change.body, change.deleteId, header, row.recordKey)
    const posts = countsAsPost({ ...row, ...change }) - countsAsPost(row)
    const changed = { ...row, ...change, storedHeader: header }
    this.#counts.add(row.authorId, { records: 0, bytes: bytesOf(changed) - bytesOf(row), posts })
    return changed
  }

  /** The header as it was signed; null for a row that lacks its body and what stands for it. */
  headerOf({ authorId, logId, kind, seq, tsMs, storedHeader, body }: RecordRow): Uint8Array | null {
    if (isWholeHeader(storedHeader)) return storedHeader
    const place = this.#placeOf.get(authorId, logId)
    if (place === undefined) return null
    const { author, device } = place as { author: Uint8Array; device: Uint8Array }
    return wholeHeader(storedHeader, { kind, author, device, seq, tsMs }, body)
  }

  /** What is hidden is no post of its author's any more; everything that follows from it is the caller's. */
  setHidden(row: RecordRow, isHidden: boolean): RecordRow {
    this.#setHidden.run(isHidden ? 1 : 0, row.recordKey)
    const changed = { ...row, isHidden }
    this.#counts.add(row.authorId, { records: 0, bytes: 0, posts: countsAsPost(changed) - countsAsPost(row) })
    return changed
  }

  /** Rows of a log with this flag in a range of seqs, the newest first. */
  listByFlag(logId: number, isHidden: boolean, [from, to]: readonly [number, number], limit: number): RecordRow[] {
    return (isHidden ? this.#hiddenOf : this.#shownOf).all(logId, from, to, limit).map(fromRow)
  }

  /** Deletes of this log that were first seen after `sinceMs`. */
  countDeletesSince(logId: number, sinceMs: number): number {
    return Number(this.#deletesSince.get(logId, sinceMs)?.n)
  }

  /** Rows of these kinds in the order in which they were written, after that of this key. */
  listByKinds(kinds: readonly number[], afterKey: number, limit: number): RecordRow[] {
    return this.#byKinds.all(afterKey, JSON.stringify(kinds), limit).map(fromRow)
  }

  /** Rows of a log of these kinds with their bodies, whose `ts` lies from … to; the lowest seqs first. */
  listStates(
    logId: number,
    wish: { isHidden: boolean; kinds: readonly number[]; from: number; to: number },
    limit: number,
  ): RecordRow[] {
    const { isHidden, kinds, from, to } = wish
    const statement = isHidden ? this.#hiddenStates : this.#shownStates
    return statement.all(logId, from, to, JSON.stringify(kinds), limit).map(fromRow)
  }

  /** The highest `ts` of a log's rows of these kinds past this seq, hidden or not; 0 for none. */
  latestAfter(logId: number, kinds: readonly number[], seq: number): number {
    return Number(this.#latestAfter.get(logId, seq, JSON.stringify(kinds))?.ts_ms ?? 0)
  }

  /** Newest first by (ts, id), of one author and kind, with their bodies and not hidden. */
  listShown(authorId: number, kind: number, limit: number): RecordRow[] {
    return this.#ofKind.all(authorId, kind, limit).map(fromRow)
  }

  /**
   * Carries effective times along a log, from the successors of `span.from` on: to `span.to` in any case, and further as
   * long as something changes. Reads about `maxRows` rows; `rest` is what remains then, null when the log is settled.
   */
  carryEffectiveTime(logId: number, span: CarrySpan, maxRows: number): CarryResult {
    this.#gaps.forget(logId)
    const moved: MovedRecord[] = []
    let below = this.#highestBelow(logId, span.from + 1)
    let after = span.from
    let read = 0
    // Nearly always what follows the span stays: more is read only once something moves.
    let limit = Math.min(PAGE_ROWS, span.to - span.from + FIRST_ROWS)
    for (;;) {
      const rows = this.#fromSeq.all(logId, after, limit)
      const isLastPage = rows.length < limit
      // A seq that was signed twice is judged as a group; one that a page cuts in two comes again on the next.
      const lastSeq = rows.at(-1)?.seq
      const whole = isLastPage ? rows : rows.filter((row) => row.seq !== lastSeq)
      for (const [seq, group] of Map.groupBy(whole, (row) => row.seq as number)) {
        let highest = below
        let isChanged = false
        for (const row of group) {
          const effectiveMs = Math.max(row.ts_ms as number, below)
          highest = Math.max(highest, effectiveMs)
          if (effectiveMs === row.effective_ms) continue
          isChanged = true
          const sortMs = sortTime(effectiveMs, row.seen_ms as number)
          this.#setEffective.run(effectiveMs, sortMs, row.record_key as number)
          moved.push({
            recordKey: row.record_key as number,
            sortMs,
            kind: row.kind as number,
            id: row.id as Uint8Array,
          })
        }
        below = highest
        after = seq
        // Effective times never fall along a settled log: where a whole seq stays, all later ones stay.
        if (!isChanged && seq > span.to) return { moved, read, upTo: seq, rest: null }
      }
      read += rows.length
      if (isLastPage) return { moved, read, upTo: Number.MAX_SAFE_INTEGER, rest: null }
      if (read >= maxRows) return { moved, read, upTo: after, rest: { from: after, to: Math.max(after, span.to) } }
      limit = PAGE_ROWS
    }
  }

  #highestBelow(logId: number, seq: number): number {
    let highest = 0
    for (const row of this.#effectiveBelow.all(logId, seq)) highest = Math.max(highest, row.effective_ms as number)
    return highest
  }
}

function sortTime(effectiveMs: number, seenMs: number): number {
  return Math.min(effectiveMs, seenMs + CLOCK_GRACE_MS)
}

function bytesOf(row: { storedHeader: Uint8Array; body: Uint8Array | null }): number {
  return headerLength(row.storedHeader) + (row.body?.length ?? 0) + ROW_OVERHEAD_BYTES
}

function countsAsPost(row: Pick<RecordRow, 'kind' | 'state' | 'isHidden'>): number {
  return row.kind === 1 && row.state === RECORD_STATE.shown && !row.isHidden ? 1 : 0
}

function fromRow(row: Record<string, unknown>): RecordRow {
  return {
    recordKey: row.record_key as number,
    id: row.id as Uint8Array,
    authorId: row.author_id as number,
    logId: row.log_id as number,
    seq: row.seq as number,
    kind: row.kind as number,
    tsMs: row.ts_ms as number,
    sortMs: row.sort_ms as number,
    state: row.state as RecordState,
    isHidden: row.is_hidden === 1,
    storedHeader: row.header as Uint8Array,
    signature: row.signature as Uint8Array,
    body: row.body as Uint8Array | null,
    deleteId: row.delete_id as Uint8Array | null,
  }
}

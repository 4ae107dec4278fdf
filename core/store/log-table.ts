import type { DatabaseSync } from 'node:sqlite'
import type { DeviceSeal } from '../identity/operation.ts'
import type { SeqRange } from './log-reader.ts'
import type { CarrySpan } from './record-table.ts'

export interface LogRow {
  readonly logId: number
  readonly device: Uint8Array
  /** Highest seq that a held header has, 0 for none. */
  readonly headSeq: number
  /** Two different records with one seq were seen. */
  readonly isForked: boolean
  /** The seq that its newest beat names, 0 for none. */
  readonly beatSeq: number
}

/** How far the way down from a sealed head has been gone: the record with this id, at this seq, comes next. */
export interface SealWalk {
  readonly authorId: number
  /** Null for a device in use. */
  readonly seal: DeviceSeal | null
  /** 0 when the first record was reached. */
  readonly nextSeq: number
  readonly nextId: Uint8Array | null
  /** Some rows may not have the flag yet that the seal asks for. */
  readonly isPending: boolean
}

/** A log with what else decides how much of it is held. */
export interface LogFacts extends LogRow {
  /** What the way down from a sealed head waits for, or comes to next; null for a device in use and at the end. */
  readonly next: { readonly seq: number; readonly id: Uint8Array } | null
  /** What its newest beat says; null for none, and for a device that is not in use (BEA7). */
  readonly beat: { readonly seq: number; readonly ts: number } | null
}

/** Device logs and which parts of them are held. Ranges are kept merged: adjacent ones never stand beside each other. */
export class LogTable {
  readonly #find
  readonly #add
  readonly #raiseHead
  readonly #markForked
  readonly #setCarry
  readonly #carry
  readonly #toCarry
  readonly #ofAuthor
  readonly #rangeBelow
  readonly #rangeAt
  readonly #dropRange
  readonly #addRange
  readonly #growRange
  readonly #ranges
  readonly #rangeOf
  readonly #walk
  readonly #setSeal
  readonly #setWalk
  readonly #pendingSeals

  constructor(db: DatabaseSync) {
    this.#find = db.prepare(
      `SELECT log_id, device, head_seq, is_forked, (SELECT seq FROM beat WHERE beat.log_id = log.log_id) AS beat_seq
       FROM log WHERE author_id = ? AND device = ?`,
    )
    this.#add = db.prepare(
      `INSERT INTO log (author_id, device, seal_seq, seal_id, walk_seq, walk_id)
       VALUES (?1, ?2, ${sealOf('seal_seq')}, ${sealOf('seal_id')}, ${sealOf('seal_seq')}, ${sealOf('seal_id')})`,
    )
    this.#raiseHead = db.prepare('UPDATE log SET head_seq = max(head_seq, ?) WHERE log_id = ?')
    this.#markForked = db.prepare('UPDATE log SET is_forked = 1 WHERE log_id = ?')
    this.#setCarry = db.prepare('UPDATE log SET carry_from = ?, carry_to = ? WHERE log_id = ?')
    this.#carry = db.prepare('SELECT carry_from, carry_to FROM log WHERE log_id = ? AND carry_from IS NOT NULL')
    this.#toCarry = db.prepare(
      'SELECT log_id, author_id, carry_from, carry_to FROM log WHERE carry_from IS NOT NULL ORDER BY log_id LIMIT ?',
    )
    this.#ofAuthor = db.prepare(
      `SELECT log.log_id AS log_id, log.device AS device, head_seq, is_forked, walk_seq, walk_id, beat.seq AS beat_seq, beat.ts_ms AS beat_ms
       FROM log LEFT JOIN device ON device.author_id = log.author_id AND device.key = log.device AND device.status = 'active'
       LEFT JOIN beat ON beat.log_id = log.log_id AND device.key IS NOT NULL
       WHERE log.author_id = ? ORDER BY log.device LIMIT 512`,
    )
    this.#rangeBelow = db.prepare(
      'SELECT from_seq, to_seq FROM held_range WHERE log_id = ? AND from_seq <= ? ORDER BY from_seq DESC LIMIT 1',
    )
    this.#rangeAt = db.prepare('SELECT from_seq, to_seq FROM held_range WHERE log_id = ? AND from_seq = ?')
    this.#dropRange = db.prepare('DELETE FROM held_range WHERE log_id = ? AND from_seq = ?')
    this.#addRange = db.prepare('INSERT INTO held_range (log_id, from_seq, to_seq) VALUES (?, ?, ?)')
    this.#growRange = db.prepare('UPDATE held_range SET to_seq = ? WHERE log_id = ? AND from_seq = ?')
    this.#rangeOf = db.prepare(
      'SELECT from_seq, to_seq FROM held_range WHERE log_id = ? AND from_seq <= ? AND to_seq >= ?',
    )
    this.#walk = db.prepare(
      'SELECT author_id, seal_seq, seal_id, walk_seq, walk_id, is_seal_pending FROM log WHERE log_id = ?',
    )
    this.#setSeal = db.prepare(
      `UPDATE log SET seal_seq = ?1, seal_id = ?2, walk_seq = ?1, walk_id = ?2, is_seal_pending = 1 WHERE log_id = ?3`,
    )
    this.#setWalk = db.prepare('UPDATE log SET walk_seq = ?, walk_id = ?, is_seal_pending = ? WHERE log_id = ?')
    this.#pendingSeals = db.prepare('SELECT log_id FROM log WHERE is_seal_pending = 1 LIMIT ?')
    this.#ranges = db.prepare('SELECT from_seq, to_seq FROM held_range WHERE log_id = ? ORDER BY from_seq DESC LIMIT ?')
  }

  find(authorId: number, device: Uint8Array): LogRow | undefined {
    const row = this.#find.get(authorId, device)
    return row === undefined ? undefined : fromRow(row)
  }

  ensure(authorId: number, device: Uint8Array): LogRow {
    const known = this.find(authorId, device)
    if (known !== undefined) return known
    const logId = Number(this.#add.run(authorId, device).lastInsertRowid)
    return { logId, device, headSeq: 0, isForked: false, beatSeq: 0 }
  }

  listOfAuthor(authorId: number): LogFacts[] {
    return this.#ofAuthor.all(authorId).map((row) => ({
      ...fromRow(row),
      next: row.walk_id === null ? null : { seq: row.walk_seq as number, id: row.walk_id as Uint8Array },
      beat: row.beat_seq === null ? null : { seq: row.beat_seq as number, ts: row.beat_ms as number },
    }))
  }

  raiseHead(logId: number, seq: number): void {
    this.#raiseHead.run(seq, logId)
  }

  /** Two different records with one seq were seen. */
  markForked(logId: number): void {
    this.#markForked.run(logId)
  }

  /** What is left of carrying effective times along this log. */
  carrySpan(logId: number): CarrySpan | null {
    const row = this.#carry.get(logId)
    return row === undefined ? null : { from: row.carry_from as number, to: row.carry_to as number }
  }

  setCarrySpan(logId: number, span: CarrySpan | null): void {
    this.#setCarry.run(span?.from ?? null, span?.to ?? null, logId)
  }

  listToCarry(limit: number): (CarrySpan & { logId: number; authorId: number })[] {
    return this.#toCarry.all(limit).map((row) => ({
      logId: row.log_id as number,
      authorId: row.author_id as number,
      from: row.carry_from as number,
      to: row.carry_to as number,
    }))
  }

  isHeld(logId: number, seq: number): boolean {
    const below = this.#rangeBelow.get(logId, seq)
    return below !== undefined && (below.to_seq as number) >= seq
  }

  /** The last seq up to which nothing is missing, 0 when the first one is. */
  heldFromStart(logId: number): number {
    return (this.#rangeAt.get(logId, 1)?.to_seq as number | undefined) ?? 0
  }

  addHeld(logId: number, seq: number): void {
    const below = this.#rangeBelow.get(logId, seq)
    if (below !== undefined && (below.to_seq as number) >= seq) return
    const above = this.#rangeAt.get(logId, seq + 1)
    const to = above === undefined ? seq : (above.to_seq as number)
    if (above !== undefined) this.#dropRange.run(logId, seq + 1)
    if (below !== undefined && (below.to_seq as number) === seq - 1)
      this.#growRange.run(to, logId, below.from_seq as number)
    else this.#addRange.run(logId, seq, to)
  }

  /** The record is a hole again. */
  removeHeld(logId: number, seq: number): void {
    const range = this.#rangeOf.get(logId, seq, seq)
    if (range === undefined) return
    const from = range.from_seq as number
    const to = range.to_seq as number
    this.#dropRange.run(logId, from)
    if (from < seq) this.#addRange.run(logId, from, seq - 1)
    if (to > seq) this.#addRange.run(logId, seq + 1, to)
  }

  sealWalk(logId: number): SealWalk {
    const row = this.#walk.get(logId)
    const sealSeq = (row?.seal_seq ?? null) as number | null
    return {
      authorId: row?.author_id as number,
      seal: sealSeq === null ? null : { lastSeq: sealSeq, headId: row?.seal_id as Uint8Array },
      nextSeq: (row?.walk_seq ?? 0) as number,
      nextId: (row?.walk_id ?? null) as Uint8Array | null,
      isPending: row?.is_seal_pending === 1,
    }
  }

  /** Begins the walk anew from this seal, or takes the seal away. */
  setSeal(logId: number, seal: DeviceSeal | null): void {
    this.#setSeal.run(seal?.lastSeq ?? null, seal?.headId ?? null, logId)
  }

  setSealWalk(logId: number, { nextSeq, nextId, isPending }: Omit<SealWalk, 'seal' | 'authorId'>): void {
    this.#setWalk.run(nextSeq, nextId, isPending ? 1 : 0, logId)
  }

  listPendingSeals(limit: number): number[] {
    return this.#pendingSeals.all(limit).map((row) => row.log_id as number)
  }

  /** The newest `limit` ranges, ascending. */
  listRanges(logId: number, limit: number): SeqRange[] {
    return this.#ranges
      .all(logId, limit)
      .map((row): SeqRange => [row.from_seq as number, row.to_seq as number])
      .reverse()
  }
}

/** What the chain says of the device of a new log. */
function sealOf(column: 'seal_seq' | 'seal_id'): string {
  return `(SELECT ${column} FROM device WHERE device.author_id = ?1 AND device.key = ?2)`
}

function fromRow(row: Record<string, unknown>): LogRow {
  return {
    logId: row.log_id as number,
    device: row.device as Uint8Array,
    headSeq: row.head_seq as number,
    isForked: row.is_forked === 1,
    beatSeq: (row.beat_seq ?? 0) as number,
  }
}

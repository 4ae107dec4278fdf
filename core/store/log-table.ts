import type { DatabaseSync } from 'node:sqlite'
import type { SeqRange } from './log-reader.ts'
import type { CarrySpan } from './record-table.ts'

export interface LogRow {
  readonly logId: number
  readonly device: Uint8Array
  /** Highest seq that a held header has, 0 for none. */
  readonly headSeq: number
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

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT log_id, device, head_seq FROM log WHERE author_id = ? AND device = ?')
    this.#add = db.prepare('INSERT INTO log (author_id, device) VALUES (?, ?)')
    this.#raiseHead = db.prepare('UPDATE log SET head_seq = max(head_seq, ?) WHERE log_id = ?')
    this.#markForked = db.prepare('UPDATE log SET is_forked = 1 WHERE log_id = ?')
    this.#setCarry = db.prepare('UPDATE log SET carry_from = ?, carry_to = ? WHERE log_id = ?')
    this.#carry = db.prepare('SELECT carry_from, carry_to FROM log WHERE log_id = ? AND carry_from IS NOT NULL')
    this.#toCarry = db.prepare(
      'SELECT log_id, author_id, carry_from, carry_to FROM log WHERE carry_from IS NOT NULL ORDER BY log_id LIMIT ?',
    )
    this.#ofAuthor = db.prepare(
      'SELECT log_id, device, head_seq FROM log WHERE author_id = ? ORDER BY device LIMIT 256',
    )
    this.#rangeBelow = db.prepare(
      'SELECT from_seq, to_seq FROM held_range WHERE log_id = ? AND from_seq <= ? ORDER BY from_seq DESC LIMIT 1',
    )
    this.#rangeAt = db.prepare('SELECT from_seq, to_seq FROM held_range WHERE log_id = ? AND from_seq = ?')
    this.#dropRange = db.prepare('DELETE FROM held_range WHERE log_id = ? AND from_seq = ?')
    this.#addRange = db.prepare('INSERT INTO held_range (log_id, from_seq, to_seq) VALUES (?, ?, ?)')
    this.#growRange = db.prepare('UPDATE held_range SET to_seq = ? WHERE log_id = ? AND from_seq = ?')
    this.#ranges = db.prepare('SELECT from_seq, to_seq FROM held_range WHERE log_id = ? ORDER BY from_seq DESC LIMIT ?')
  }

  find(authorId: number, device: Uint8Array): LogRow | undefined {
    const row = this.#find.get(authorId, device)
    return row === undefined ? undefined : fromRow(row)
  }

  ensure(authorId: number, device: Uint8Array): LogRow {
    const known = this.find(authorId, device)
    if (known !== undefined) return known
    return { logId: Number(this.#add.run(authorId, device).lastInsertRowid), device, headSeq: 0 }
  }

  listOfAuthor(authorId: number): LogRow[] {
    return this.#ofAuthor.all(authorId).map(fromRow)
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

  /** The newest `limit` ranges, ascending. */
  listRanges(logId: number, limit: number): SeqRange[] {
    return this.#ranges
      .all(logId, limit)
      .map((row): SeqRange => [row.from_seq as number, row.to_seq as number])
      .reverse()
  }
}

function fromRow(row: Record<string, unknown>): LogRow {
  return { logId: row.log_id as number, device: row.device as Uint8Array, headSeq: row.head_seq as number }
}

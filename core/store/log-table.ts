import type { DeviceSeal } from '../identity/operation.ts'
import { equalBytes } from '../util/bytes.ts'
import { bytesName } from './bytes-name.ts'
import type { SeqRange } from './log-reader.ts'
import type { Rank } from './rank.ts'
import type { CarrySpan } from './record-table.ts'
import type { SquareDatabase } from './square-database.ts'

/** Logs of which it is remembered what the file says; of more, all are looked up again. */
const MAX_KNOWN = 16_384

export interface LogRow {
  readonly logId: number
  readonly device: Uint8Array
  /** Highest seq that a held header has, 0 for none. */
  readonly headSeq: number
  /** Two different records with one seq were seen. */
  readonly isForked: boolean
  /** Its device is in use no more. */
  readonly isSealed: boolean
  /** The seq that its newest beat names, 0 for none. */
  readonly beatSeq: number
  /** Up to this seq it was let go of to make room, 0 for nothing. */
  readonly releasedSeq: number
  /** What its author was to this node then. */
  readonly releasedRank: Rank
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
  /** Up to this seq the log was let go of. */
  readonly releasedSeq: number
}

/** A log with what else decides how much of it is held. */
export interface LogFacts extends LogRow {
  /** What the way down from a sealed head waits for, or comes to next; null for a device in use and at the end. */
  readonly next: { readonly seq: number; readonly id: Uint8Array } | null
  /** What its newest beat says; null for none, and for a device that is not in use (BEA7). */
  readonly beat: { readonly seq: number; readonly ts: number } | null
}

interface KnownLog extends LogRow {
  beatSeq: number
  headSeq: number
  isForked: boolean
  isSealed: boolean
  releasedSeq: number
  releasedRank: Rank
}

/**
 * Device logs and which parts of them are held. Ranges are kept merged: adjacent ones never stand beside each other.
 * Within a transaction heads and what joins a log seq by seq stand in memory, and are written before the commit.
 */
export class LogTable {
  readonly #square: Pick<SquareDatabase, 'db' | 'keep'>
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
  readonly #ranges
  readonly #rangeOf
  readonly #walk
  readonly #setSeal
  readonly #setWalk
  readonly #pendingSeals
  readonly #setReleased

  readonly #byDevice = new Map<string, KnownLog>()
  readonly #byId = new Map<number, KnownLog>()
  /** The log that was asked about last: records come in runs of one. */
  #last: { readonly authorId: number; readonly log: KnownLog } | null = null
  /** Logs whose head isn't written yet. */
  readonly #raised = new Map<number, number>()
  /** One run of each log that is held and not written yet. */
  readonly #runs = new Map<number, [from: number, to: number]>()

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>) {
    const { db } = square
    this.#square = square
    square.keep({ flush: () => this.#flush(), forget: () => this.#forget() })
    this.#find = db.prepare(
      `SELECT log_id, device, head_seq, is_forked, seal_seq, released_seq, released_rank, (SELECT seq FROM beat WHERE beat.log_id = log.log_id) AS beat_seq
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
      `SELECT log.log_id AS log_id, log.device AS device, head_seq, is_forked, log.seal_seq AS seal_seq, released_seq, released_rank, walk_seq, walk_id, beat.seq AS beat_seq, beat.ts_ms AS beat_ms
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
    this.#rangeOf = db.prepare(
      'SELECT from_seq, to_seq FROM held_range WHERE log_id = ? AND from_seq <= ? AND to_seq >= ?',
    )
    this.#walk = db.prepare(
      'SELECT author_id, seal_seq, seal_id, walk_seq, walk_id, is_seal_pending, released_seq FROM log WHERE log_id = ?',
    )
    this.#setSeal = db.prepare(
      `UPDATE log SET seal_seq = ?1, seal_id = ?2, walk_seq = ?1, walk_id = ?2, is_seal_pending = 1 WHERE log_id = ?3`,
    )
    this.#setWalk = db.prepare('UPDATE log SET walk_seq = ?, walk_id = ?, is_seal_pending = ? WHERE log_id = ?')
    this.#pendingSeals = db.prepare('SELECT log_id FROM log WHERE is_seal_pending = 1 LIMIT ?')
    this.#setReleased = db.prepare('UPDATE log SET released_seq = ?, released_rank = ? WHERE log_id = ?')
    this.#ranges = db.prepare('SELECT from_seq, to_seq FROM held_range WHERE log_id = ? ORDER BY from_seq DESC LIMIT ?')
  }

  find(authorId: number, device: Uint8Array): LogRow | undefined {
    const last = this.#last
    if (last?.authorId === authorId && equalBytes(last.log.device, device)) return last.log
    const name = nameOf(authorId, device)
    const log = this.#byDevice.get(name) ?? this.#read(authorId, device, name)
    if (log !== undefined) this.#last = { authorId, log }
    return log
  }

  #read(authorId: number, device: Uint8Array, name: string): KnownLog | undefined {
    const row = this.#find.get(authorId, device)
    if (row === undefined) return undefined
    if (this.#byDevice.size >= MAX_KNOWN) this.#forgetRows()
    const log: KnownLog = fromRow(row)
    log.headSeq = Math.max(log.headSeq, this.#raised.get(log.logId) ?? 0)
    this.#byDevice.set(name, log)
    this.#byId.set(log.logId, log)
    return log
  }

  ensure(authorId: number, device: Uint8Array): LogRow {
    const known = this.find(authorId, device)
    if (known !== undefined) return known
    this.#add.run(authorId, device)
    return this.find(authorId, device) as LogRow
  }

  listOfAuthor(authorId: number): LogFacts[] {
    this.#flush()
    return this.#ofAuthor.all(authorId).map((row) => ({
      ...fromRow(row),
      next: row.walk_id === null ? null : { seq: row.walk_seq as number, id: row.walk_id as Uint8Array },
      beat: row.beat_seq === null ? null : { seq: row.beat_seq as number, ts: row.beat_ms as number },
    }))
  }

  raiseHead(logId: number, seq: number): void {
    const known = this.#byId.get(logId)
    if (known !== undefined && known.headSeq >= seq) return
    if (known !== undefined) known.headSeq = seq
    this.#raised.set(logId, Math.max(seq, this.#raised.get(logId) ?? 0))
    if (!this.#square.db.isTransaction) this.#flush()
  }

  /** Its newest beat names this seq. */
  noteBeat(logId: number, seq: number): void {
    const known = this.#byId.get(logId)
    if (known !== undefined) known.beatSeq = seq
  }

  /** Two different records with one seq were seen. */
  markForked(logId: number): void {
    const known = this.#byId.get(logId)
    if (known?.isForked === true) return
    this.#markForked.run(logId)
    if (known !== undefined) known.isForked = true
  }

  /** Up to this seq it was let go of, while its author was this to the node; 0 takes that back. */
  setReleased(logId: number, seq: number, rank: Rank): void {
    this.#setReleased.run(seq, rank, logId)
    const known = this.#byId.get(logId)
    if (known === undefined) return
    known.releasedSeq = seq
    known.releasedRank = rank
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
    const run = this.#runs.get(logId)
    if (run !== undefined && run[0] <= seq && seq <= run[1]) return true
    const below = this.#rangeBelow.get(logId, seq)
    return below !== undefined && (below.to_seq as number) >= seq
  }

  /** The last seq up to which nothing is missing, 0 when the first one is. */
  heldFromStart(logId: number): number {
    this.#flush()
    return (this.#rangeAt.get(logId, 1)?.to_seq as number | undefined) ?? 0
  }

  /** True when anything below this seq is held. */
  holdsBelow(logId: number, seq: number): boolean {
    this.#flush()
    return this.#rangeBelow.get(logId, seq - 1) !== undefined
  }

  addHeld(logId: number, seq: number): void {
    const run = this.#runs.get(logId)
    if (run !== undefined && run[0] - 1 <= seq && seq <= run[1] + 1) {
      run[0] = Math.min(run[0], seq)
      run[1] = Math.max(run[1], seq)
      return
    }
    if (run !== undefined) this.#addRun(logId, run)
    this.#runs.set(logId, [seq, seq])
    if (!this.#square.db.isTransaction) this.#flush()
  }

  /** The record is a hole again. */
  removeHeld(logId: number, seq: number): void {
    this.#flush()
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
      releasedSeq: (row?.released_seq ?? 0) as number,
    }
  }

  /** Begins the walk anew from this seal, or takes the seal away. */
  setSeal(logId: number, seal: DeviceSeal | null): void {
    this.#setSeal.run(seal?.lastSeq ?? null, seal?.headId ?? null, logId)
    const known = this.#byId.get(logId)
    if (known !== undefined) known.isSealed = seal !== null
  }

  setSealWalk(logId: number, { nextSeq, nextId, isPending }: Pick<SealWalk, 'nextSeq' | 'nextId' | 'isPending'>): void {
    this.#setWalk.run(nextSeq, nextId, isPending ? 1 : 0, logId)
  }

  listPendingSeals(limit: number): number[] {
    return this.#pendingSeals.all(limit).map((row) => row.log_id as number)
  }

  /** The newest `limit` ranges, ascending. */
  listRanges(logId: number, limit: number): SeqRange[] {
    this.#flush()
    return this.#ranges
      .all(logId, limit)
      .map((row): SeqRange => [row.from_seq as number, row.to_seq as number])
      .reverse()
  }

  /** United with every range that it meets. */
  #addRun(logId: number, [first, last]: readonly [number, number]): void {
    let from = first
    let to = last
    for (;;) {
      const met = this.#rangeBelow.get(logId, to + 1)
      if (met === undefined || (met.to_seq as number) < from - 1) break
      if ((met.from_seq as number) <= from && (met.to_seq as number) >= to) return
      from = Math.min(from, met.from_seq as number)
      to = Math.max(to, met.to_seq as number)
      this.#dropRange.run(logId, met.from_seq as number)
    }
    this.#addRange.run(logId, from, to)
  }

  #flush(): void {
    for (const [logId, seq] of this.#raised) this.#raiseHead.run(seq, logId)
    this.#raised.clear()
    for (const [logId, run] of this.#runs) this.#addRun(logId, run)
    this.#runs.clear()
  }

  #forget(): void {
    this.#raised.clear()
    this.#runs.clear()
    this.#forgetRows()
  }

  #forgetRows(): void {
    this.#byDevice.clear()
    this.#byId.clear()
    this.#last = null
  }
}

function nameOf(authorId: number, device: Uint8Array): string {
  return `${authorId} ${bytesName(device)}`
}

/** What the chain says of the device of a new log. */
function sealOf(column: 'seal_seq' | 'seal_id'): string {
  return `(SELECT ${column} FROM device WHERE device.author_id = ?1 AND device.key = ?2)`
}

function fromRow(row: Record<string, unknown>): KnownLog {
  return {
    logId: row.log_id as number,
    device: row.device as Uint8Array,
    headSeq: row.head_seq as number,
    isForked: row.is_forked === 1,
    isSealed: row.seal_seq !== null,
    beatSeq: (row.beat_seq ?? 0) as number,
    releasedSeq: row.released_seq as number,
    releasedRank: row.released_rank as Rank,
  }
}

import type { DatabaseSync } from 'node:sqlite'
import { compareBeats, type SignedBeat } from '../record/beat.ts'
import type { OpenTail } from './log-reader.ts'
import type { LogTable } from './log-table.ts'

/** The newest beat of each log (BEA4), and the first that contradicted it (BEA5). */
export class BeatTable {
  readonly #logs: Pick<LogTable, 'noteBeat'>
  readonly #find
  readonly #put
  readonly #findForking
  readonly #putForking
  readonly #statements
  readonly #tails

  constructor(db: DatabaseSync, components: { readonly logs: Pick<LogTable, 'noteBeat'> }) {
    this.#logs = components.logs
    this.#find = db.prepare('SELECT seq, head, ts_ms, signature FROM beat WHERE log_id = ?')
    this.#put = db.prepare('INSERT OR REPLACE INTO beat (log_id, seq, head, ts_ms, signature) VALUES (?, ?, ?, ?, ?)')
    this.#findForking = db.prepare('SELECT seq, head, ts_ms, signature FROM forking_beat WHERE log_id = ?')
    this.#putForking = db.prepare(
      'INSERT OR IGNORE INTO forking_beat (log_id, seq, head, ts_ms, signature) VALUES (?, ?, ?, ?, ?)',
    )
    this.#statements = db.prepare(
      `SELECT log.head_seq AS head_seq, beat.seq AS beat_seq, beat.ts_ms AS beat_ms,
         (SELECT ts_ms FROM record WHERE record.log_id = log.log_id AND record.seq = log.head_seq ORDER BY id LIMIT 1) AS head_ms,
         (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM held_range WHERE held_range.log_id = log.log_id) AS held,
         EXISTS (SELECT 1 FROM forked_seq WHERE forked_seq.log_id = log.log_id AND is_open = 1) AS is_open
       FROM log JOIN device ON device.author_id = log.author_id AND device.key = log.device AND device.status = 'active'
       LEFT JOIN beat USING (log_id) WHERE log.author_id = ?`,
    )
    this.#tails = db.prepare(
      `SELECT author.address AS address, log.device AS device, beat.seq AS beat_seq
       FROM beat JOIN log USING (log_id) JOIN author USING (author_id)
       JOIN device ON device.author_id = log.author_id AND device.key = log.device AND device.status = 'active'
       WHERE beat.seq > log.head_seq LIMIT ?`,
    )
  }

  find(logId: number): SignedBeat | null {
    const row = this.#find.get(logId)
    return row === undefined ? null : fromRow(row)
  }

  /** The first beat that named another record than was held, or than another beat named. */
  findForking(logId: number): SignedBeat | null {
    const row = this.#findForking.get(logId)
    return row === undefined ? null : fromRow(row)
  }

  /** True when it says the newer thing and is kept. */
  put(logId: number, beat: SignedBeat): boolean {
    const held = this.find(logId)
    if (held !== null && compareBeats(beat, held) <= 0) return false
    this.#put.run(logId, beat.seq, beat.head, beat.ts, beat.signature)
    this.#logs.noteBeat(logId, beat.seq)
    return true
  }

  /** Keeps the first. */
  putForking(logId: number, { seq, head, ts, signature }: SignedBeat): void {
    this.#putForking.run(logId, seq, head, ts, signature)
  }

  /** Logs of devices in use whose beat names more than is held, in no order. */
  listTails(limit: number): OpenTail[] {
    return this.#tails.all(limit).map((row) => ({
      author: row.address as Uint8Array,
      device: row.device as Uint8Array,
      beatSeq: row.beat_seq as number,
    }))
  }

  /**
   * Up to when everything that the author's devices in use have signed is here, milliseconds since 1970: the earliest of
   * what each of them said last, by a beat or by its newest record (BEA7). Null while something that was named isn't held.
   */
  completeAsOf(authorId: number): number | null {
    const times = this.#statements.all(authorId).flatMap((row): (number | null)[] => {
      const headSeq = row.head_seq as number
      const beatSeq = (row.beat_seq ?? 0) as number
      if (Math.max(headSeq, beatSeq) === 0) return []
      if (row.is_open === 1 || (row.held as number) < Math.max(headSeq, beatSeq)) return [null]
      const beatMs = (row.beat_ms ?? 0) as number
      return [Math.max(beatMs, (row.head_ms ?? 0) as number)]
    })
    return times.length === 0 || times.includes(null) ? null : Math.min(...(times as number[]))
  }
}

function fromRow(row: Record<string, unknown>): SignedBeat {
  return {
    seq: row.seq as number,
    head: row.head as Uint8Array,
    ts: row.ts_ms as number,
    signature: row.signature as Uint8Array,
  }
}

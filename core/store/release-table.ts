import { KIND } from '../record/kinds/kind-table.ts'
import type { EditTable } from './edit-table.ts'
import type { LogTable } from './log-table.ts'
import { RANK, type Rank } from './rank.ts'
import type { RecordEffects } from './record-effects.ts'
import { RECORD_STATE, type RecordRow, type RecordTable } from './record-table.ts'
import type { SquareDatabase } from './square-database.ts'

/** A log that something may be let go of. */
export interface ReleasableLog {
  readonly logId: number
  readonly authorId: number
  readonly headSeq: number
  readonly releasedSeq: number
}

export interface Released {
  readonly records: number
  /** As `author.record_bytes` counts them. */
  readonly bytes: number
  /** Rows looked at. */
  readonly read: number
  /** Nothing of this log is left that is older. */
  readonly isDone: boolean
}

/** Never let go of, whoever's they are. */
const LASTING: ReadonlySet<number> = new Set([KIND.delete, KIND.block])
/** What says how things stand, and goes only with a stranger. */
const STANDING: ReadonlySet<number> = new Set([
  KIND.follow,
  KIND.label,
  KIND.list,
  KIND.listMember,
  KIND.pin,
  KIND.private,
])

export interface ReleaseTables {
  readonly edits: EditTable
  readonly effects: RecordEffects
  readonly logs: LogTable
  readonly records: RecordTable
}

/**
 * Letting go of the oldest records of a log: their rows go with everything that follows from them, and the log
 * remembers up to where, so that nobody is asked for them again and nobody is told that they are here. What lasts stays
 * where it is, and so does the newest record, by which a log is known. Runs inside a transaction of the caller.
 */
export class ReleaseTable {
  readonly #tables: ReleaseTables
  readonly #logs
  readonly #rows
  readonly #isProfile
  readonly #hasPost
  readonly #closeForks
  readonly #homeBytes

  constructor({ db }: Pick<SquareDatabase, 'db'>, tables: ReleaseTables) {
    this.#tables = tables
    this.#logs = db.prepare(
      'SELECT log_id, author_id, head_seq, released_seq FROM log WHERE log_id >= ? ORDER BY log_id LIMIT ?',
    )
    this.#rows = db.prepare(
      'SELECT id, seq, kind, sort_ms, record_key FROM record WHERE log_id = ? AND seq > ? AND seq < ? ORDER BY seq, id LIMIT ?',
    )
    this.#isProfile = db.prepare('SELECT 1 AS yes FROM profile WHERE author_id = ? AND record_key = ?')
    this.#hasPost = db.prepare(
      'SELECT 1 AS yes FROM edit JOIN record ON record.id = edit.target_id WHERE edit.record_key = ? LIMIT 1',
    )
    this.#closeForks = db.prepare('UPDATE forked_seq SET is_open = 0 WHERE log_id = ? AND seq <= ? AND is_open = 1')
    this.#homeBytes = db.prepare(
      'SELECT coalesce(sum(record_bytes), 0) AS bytes FROM author WHERE author_id IN (SELECT author_id FROM home_author)',
    )
  }

  /** Logs from this one on, in the order in which they came. */
  listLogs(fromLogId: number, limit: number): ReleasableLog[] {
    return this.#logs.all(fromLogId, limit).map((row) => ({
      logId: row.log_id as number,
      authorId: row.author_id as number,
      headSeq: row.head_seq as number,
      releasedSeq: row.released_seq as number,
    }))
  }

  /** Bytes of everybody whose posts stand in the home timeline. */
  homeBytes(): number {
    return Number(this.#homeBytes.get()?.bytes)
  }

  /** Lets go of what sorts before `beforeMs`, the lowest seqs first; looks at `maxRows` rows and those of one seq more. */
  release(log: ReleasableLog, rank: Rank, beforeMs: number, maxRows: number): Released {
    const { logs } = this.#tables
    const rows = this.#rows.all(log.logId, log.releasedSeq, log.headSeq, maxRows)
    let records = 0
    let bytes = 0
    let upTo = log.releasedSeq
    let isDone = rows.length < maxRows
    // One seq may have several records, which go together: one that the page cuts in two comes again.
    const whole = isDone ? rows : rows.filter(({ seq }) => seq !== rows.at(-1)?.seq)
    for (const [seq, group] of Map.groupBy(whole, (row) => row.seq as number)) {
      if (!group.every((row) => (row.sort_ms as number) < beforeMs)) {
        isDone = true
        break
      }
      for (const row of group) {
        if (this.#lasts(log.authorId, row.kind as number, row.record_key as number, rank)) continue
        bytes += this.#remove(row.id as Uint8Array)
        records++
      }
      upTo = seq
    }
    if (upTo > log.releasedSeq) {
      logs.setReleased(log.logId, upTo, rank)
      this.#closeForks.run(log.logId, upTo)
    }
    return { records, bytes, read: rows.length, isDone }
  }

  #lasts(authorId: number, kind: number, recordKey: number, rank: Rank): boolean {
    if (LASTING.has(kind)) return true
    if (STANDING.has(kind)) return rank !== RANK.stranger
    if (kind === KIND.profile) return this.#isProfile.get(authorId, recordKey) !== undefined
    // Without its edit a post would say again what it doesn't say any more.
    return kind === KIND.edit && this.#hasPost.get(recordKey) !== undefined
  }

  #remove(id: Uint8Array): number {
    const { edits, effects, logs, records } = this.#tables
    const row = records.find(id) as RecordRow
    effects.hide(row)
    edits.dropRecord(row.recordKey)
    const bytes = records.remove({ ...row, isHidden: true })
    const isHeld = records.listAtSeq(row.logId, row.seq).some(({ state }) => state !== RECORD_STATE.missing)
    if (!isHeld) logs.removeHeld(row.logId, row.seq)
    return bytes
  }
}

/** True for a kind of record that is taken in also where its log was let go of. */
export function isLasting(kind: number): boolean {
  return LASTING.has(kind)
}

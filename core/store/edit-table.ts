import type { DatabaseSync } from 'node:sqlite'

/** An edit that may count: its body is here, and it isn't hidden. */
export interface EditRow {
  readonly targetId: Uint8Array
  readonly authorId: number
  readonly tsMs: number
  /** Id of the edit. */
  readonly id: Uint8Array
  readonly recordKey: number
}

/** Edits by the post that they change; the last by (ts, id) is what the post says. Only those of the post's author. */
export class EditTable {
  readonly #put
  readonly #drop
  readonly #dropRecord
  readonly #of
  readonly #all

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO edit (target_id, author_id, ts_ms, id, record_key) VALUES (?, ?, ?, ?, ?)',
    )
    this.#drop = db.prepare('DELETE FROM edit WHERE target_id = ? AND author_id = ? AND ts_ms = ? AND id = ?')
    this.#dropRecord = db.prepare('DELETE FROM edit WHERE record_key = ?')
    this.#of = db.prepare(
      `SELECT ts_ms, id, record_key FROM edit WHERE target_id = ? AND author_id = ? ORDER BY ts_ms DESC, id DESC LIMIT 1`,
    )
    this.#all = db.prepare('SELECT ts_ms, id, record_key FROM edit WHERE target_id = ? AND author_id = ?')
  }

  put({ targetId, authorId, tsMs, id, recordKey }: EditRow): void {
    this.#put.run(targetId, authorId, tsMs, id, recordKey)
  }

  drop({ targetId, authorId, tsMs, id }: Omit<EditRow, 'recordKey'>): void {
    this.#drop.run(targetId, authorId, tsMs, id)
  }

  /** The text of this edit isn't here any more; nothing for records that are no edits. */
  dropRecord(recordKey: number): void {
    this.#dropRecord.run(recordKey)
  }

  /** The one that counts; undefined for a post that was never edited. */
  findLast(targetId: Uint8Array, authorId: number): EditRow | undefined {
    const row = this.#of.get(targetId, authorId)
    return row === undefined ? undefined : toEdit(row, targetId, authorId)
  }

  listAll(targetId: Uint8Array, authorId: number): EditRow[] {
    return this.#all.all(targetId, authorId).map((row) => toEdit(row, targetId, authorId))
  }
}

function toEdit(row: Record<string, unknown>, targetId: Uint8Array, authorId: number): EditRow {
  return {
    targetId,
    authorId,
    tsMs: row.ts_ms as number,
    id: row.id as Uint8Array,
    recordKey: row.record_key as number,
  }
}

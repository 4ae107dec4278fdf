import type { DatabaseSync } from 'node:sqlite'

export interface Tombstone {
  readonly deleteId: Uint8Array
  /** When its author deleted it. */
  readonly tsMs: number
  /** From then on the text may go for good; null: it is gone, or goes at once. */
  readonly purgeMs: number | null
}

/** A deletion that waits with the text, and whose time has come. */
export interface DueDeletion extends Tombstone {
  readonly targetId: Uint8Array
  readonly authorId: number
}

/**
 * Verified deletes by what they delete: kept for ever, whether the target ever came or not. All of them, because the one
 * that counts, the earliest by (ts, id), may be a thief's and be taken back.
 */
export class TombstoneTable {
  readonly #find
  readonly #add
  readonly #drop
  readonly #earliest
  readonly #setFirst
  readonly #clearFirst
  readonly #due
  readonly #purged

  constructor(db: DatabaseSync) {
    const place = 'target_id = ? AND author_id = ?'
    this.#find = db.prepare(`SELECT delete_id, ts_ms, purge_ms FROM tombstone WHERE ${place}`)
    this.#add = db.prepare(
      `INSERT OR IGNORE INTO deletion (target_id, author_id, ts_ms, delete_id, is_first, purge_ms)
       VALUES (?, ?, ?, ?, 0, ?)`,
    )
    this.#drop = db.prepare(`DELETE FROM deletion WHERE ${place} AND delete_id = ?`)
    this.#earliest = db.prepare(`SELECT delete_id FROM deletion WHERE ${place} ORDER BY ts_ms, delete_id LIMIT 1`)
    this.#clearFirst = db.prepare(`UPDATE deletion SET is_first = 0 WHERE ${place} AND is_first = 1`)
    this.#setFirst = db.prepare(`UPDATE deletion SET is_first = 1 WHERE ${place} AND delete_id = ?`)
    this.#due = db.prepare(
      'SELECT target_id, author_id, delete_id, ts_ms, purge_ms FROM deletion WHERE purge_ms <= ? ORDER BY purge_ms LIMIT ?',
    )
    this.#purged = db.prepare(`UPDATE deletion SET purge_ms = NULL WHERE ${place}`)
  }

  find(targetId: Uint8Array, authorId: number): Tombstone | null {
    const row = this.#find.get(targetId, authorId)
    return row === undefined ? null : fromRow(row)
  }

  /** Returns the one that counts. */
  put(targetId: Uint8Array, authorId: number, { deleteId, tsMs, purgeMs }: Tombstone): Tombstone {
    this.#add.run(targetId, authorId, tsMs, deleteId, purgeMs)
    return this.#choose(targetId, authorId) as Tombstone
  }

  /** Takes a delete back; returns the one that counts now, null for none. */
  remove(targetId: Uint8Array, authorId: number, deleteId: Uint8Array): Tombstone | null {
    this.#drop.run(targetId, authorId, deleteId)
    return this.#choose(targetId, authorId)
  }

  listDue(nowMs: number, limit: number): DueDeletion[] {
    return this.#due.all(nowMs, limit).map((row) => ({
      ...fromRow(row),
      targetId: row.target_id as Uint8Array,
      authorId: row.author_id as number,
    }))
  }

  /** The text is gone: nothing waits any more. */
  notePurged(targetId: Uint8Array, authorId: number): void {
    this.#purged.run(targetId, authorId)
  }

  #choose(targetId: Uint8Array, authorId: number): Tombstone | null {
    const earliest = this.#earliest.get(targetId, authorId)
    if (earliest === undefined) return null
    this.#clearFirst.run(targetId, authorId)
    this.#setFirst.run(targetId, authorId, earliest.delete_id as Uint8Array)
    return this.find(targetId, authorId)
  }
}

function fromRow(row: Record<string, unknown>): Tombstone {
  return {
    deleteId: row.delete_id as Uint8Array,
    tsMs: row.ts_ms as number,
    purgeMs: row.purge_ms as number | null,
  }
}

import type { DatabaseSync } from 'node:sqlite'
import { isLater } from './edge-table.ts'

export interface Tombstone {
  readonly deleteId: Uint8Array
  /** When its author deleted it. */
  readonly tsMs: number
}

/** Verified deletes by what they delete: kept for ever, whether the target ever came or not. */
export class TombstoneTable {
  readonly #find
  readonly #put

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT delete_id, ts_ms FROM tombstone WHERE target_id = ? AND author_id = ?')
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO tombstone (target_id, author_id, delete_id, ts_ms) VALUES (?, ?, ?, ?)',
    )
  }

  find(targetId: Uint8Array, authorId: number): Tombstone | null {
    const row = this.#find.get(targetId, authorId)
    return row === undefined ? null : { deleteId: row.delete_id as Uint8Array, tsMs: row.ts_ms as number }
  }

  /** Of several deletes the earliest is named. Returns the one that counts. */
  put(targetId: Uint8Array, authorId: number, tombstone: Tombstone): Tombstone {
    const held = this.find(targetId, authorId)
    if (
      held !== null &&
      isLater({ tsMs: tombstone.tsMs, id: tombstone.deleteId }, { tsMs: held.tsMs, id: held.deleteId })
    ) {
      return held
    }
    this.#put.run(targetId, authorId, tombstone.deleteId, tombstone.tsMs)
    return tombstone
  }
}

import { DatabaseSync } from 'node:sqlite'
import { RowWalk, type WalkedRow } from './row-walk.ts'
import { isDamage } from './sqlite-errors.ts'

/** What can still be read of it is asked for in these forms; nothing of it is to be trusted. */
const SOURCES = {
  ownRecords: { source: 'own_record', key: 'rowid', columns: 'header, signature, body, delete_id' },
  ownOperations: { source: 'own_operation', key: 'position', columns: 'bytes' },
  operations: { source: 'operation', key: 'rowid', columns: 'bytes' },
  records: { source: 'record', key: 'record_key', columns: 'header, signature, body, delete_id, seen_ms' },
  blocks: { source: 'block', key: 'rowid', columns: 'cid, size, bytes' },
} as const
export type SalvageTable = keyof typeof SOURCES

/** Tables that are small and have no numbers: all or nothing. */
const LISTS = {
  pendingFollows: 'SELECT 0 AS row_key, target, addresses, since_ms FROM pending_follow LIMIT 4096',
  states: 'SELECT 0 AS row_key, key, value FROM state LIMIT 4096',
  dags: `SELECT 0 AS row_key, dag.root AS root, type, dag.size AS size, position, cid FROM dag JOIN dag_block USING (root)
         ORDER BY dag.root, position LIMIT 1000000`,
} as const

/** A database that was damaged, open for reading. */
export class SalvageSource {
  readonly #db: DatabaseSync

  private constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Null where nothing of it can be read. */
  static open(path: string): SalvageSource | null {
    try {
      const db = new DatabaseSync(path, { readOnly: true })
      db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()
      return new SalvageSource(db)
    } catch {
      return null
    }
  }

  /** Null where the table isn't known any more. */
  walk(table: SalvageTable): RowWalk | null {
    try {
      return new RowWalk(this.#db, SOURCES[table])
    } catch {
      return null
    }
  }

  list(name: keyof typeof LISTS): WalkedRow[] {
    try {
      return this.#db.prepare(LISTS[name]).all() as unknown as WalkedRow[]
    } catch (error) {
      if (!isDamage(error) && !(error instanceof Error)) throw error
      return []
    }
  }

  close(): void {
    this.#db.close()
  }
}

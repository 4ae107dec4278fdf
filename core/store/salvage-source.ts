import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { RowWalk, type WalkedRow } from './row-walk.ts'
import { isDamage } from './sqlite-errors.ts'

/** What can still be read of it is asked for in these forms; nothing of it is to be trusted. */
const SOURCES = {
  ownRecords: { source: 'own_record', key: 'rowid', columns: 'header, signature, body, delete_id' },
  ownOperations: { source: 'own_operation', key: 'position', columns: 'bytes' },
  operations: { source: 'operation', key: 'rowid', columns: 'bytes' },
  records: {
    source: 'record',
    key: 'record_key',
    columns: 'header, signature, body, delete_id, seen_ms, kind, seq, ts_ms, author_id, log_id',
  },
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

const AUTHOR = 'SELECT address AS value FROM author WHERE author_id = ?'
const DEVICE = 'SELECT device AS value FROM log WHERE log_id = ?'

/** A database that was damaged, open for reading. */
export class SalvageSource {
  readonly #db: DatabaseSync
  readonly #statements: Record<string, StatementSync> = {}

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

  /** A row of `records` with its author and device, where they can be read: a header may need them. */
  withPlace(row: WalkedRow): WalkedRow {
    return { ...row, author: this.#readOne(AUTHOR, row.author_id), device: this.#readOne(DEVICE, row.log_id) }
  }

  #readOne(sql: string, key: unknown): unknown {
    if (typeof key !== 'number') return null
    try {
      this.#statements[sql] ??= this.#db.prepare(sql)
      return this.#statements[sql]?.get(key)?.value ?? null
    } catch (error) {
      if (!isDamage(error)) throw error
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

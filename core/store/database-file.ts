import type { DatabaseSync } from 'node:sqlite'
import { type DatabaseInit, inTransaction, openDatabase } from './open-database.ts'
import { isDamage, toStoreError } from './sqlite-errors.ts'

/** A database of the store as a file: what own.db, square.db and media.db have in common. */
export abstract class DatabaseFile {
  readonly db: DatabaseSync
  readonly path: string

  /** @throws DatabaseError, DiskFullError */
  constructor(init: DatabaseInit) {
    this.path = init.path
    this.db = openDatabase(init)
  }

  /** One transaction; what `work` throws undoes all of it. */
  transaction<T>(work: () => T): T {
    return inTransaction(this.db, this.path, work)
  }

  /** What is wrong, [] when nothing is. Reads everything: minutes on a big file. */
  integrityCheck(): string[] {
    const problems = this.db
      .prepare('PRAGMA integrity_check(20)')
      .all()
      .map((row) => String(row.integrity_check))
      .filter((line) => line !== 'ok')
    // Not enforced while writing: it would look up twice what the tables look up by themselves.
    const orphans = this.db.prepare('SELECT * FROM pragma_foreign_key_check LIMIT 20').all()
    return [...problems, ...orphans.map((row) => `${row.table} refers to a row of ${row.parent} that isn't there`)]
  }

  /** False when something is wrong, or can't be read at all. */
  isSound(): boolean {
    try {
      return this.integrityCheck().length === 0
    } catch (error) {
      if (isDamage(error)) return false
      throw error
    }
  }

  /**
   * The same in parts that are run one by one, so that others have their turn between them; a part reads one table with
   * its indexes.
   */
  listChecks(): (() => string[])[] {
    const tables = this.db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    return tables.map((row) => () => this.#checkTable(String(row.name)))
  }

  #checkTable(name: string): string[] {
    return this.db
      .prepare(`PRAGMA integrity_check("${name}")`)
      .all()
      .map((row) => String(row.integrity_check))
      .filter((line) => line !== 'ok')
  }

  /** Writes the log back and empties it, so that deleted bytes lie in no file. */
  checkpoint(): void {
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** Pages of the file that hold something, and those that only wait to be used again. */
  space(): { readonly usedBytes: number; readonly freeBytes: number } {
    const read = (name: 'page_count' | 'page_size' | 'freelist_count') =>
      Number(this.db.prepare(`PRAGMA ${name}`).get()?.[name])
    const freeBytes = read('freelist_count') * read('page_size')
    return { usedBytes: read('page_count') * read('page_size') - freeBytes, freeBytes }
  }

  /**
   * Gives up to so many free pages back to the disk; the file is shorter once the log is written back. Nothing happens to a
   * file that was made without `auto_vacuum`: its pages are used again.
   * @throws DiskFullError
   */
  shrink(maxPages: number): void {
    try {
      this.db.exec(`PRAGMA incremental_vacuum(${maxPages})`)
    } catch (error) {
      throw toStoreError(error, this.path)
    }
  }

  /** False for a file that keeps its free pages. */
  get canShrink(): boolean {
    return this.db.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum === 2
  }

  close(): void {
    if (this.db.isOpen) this.db.close()
  }
}

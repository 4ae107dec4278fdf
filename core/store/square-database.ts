import { DatabaseFile } from './database-file.ts'
import { squareMigrations } from './square-schema.ts'

/** 'PLBs' */
export const SQUARE_APPLICATION_ID = 0x504c_4273

/** A batch of many people changes pages all over the indexes: what has no room here is written before its time, and read again. */
const CACHE_KIB = 32_768

/** What different tables say of the same thing, written in one transaction each time. */
const AGREEMENTS = [
  [
    'SELECT (SELECT count(*) FROM post_search_docsize) <> (SELECT count(*) FROM post) AS differs',
    'the search index and the posts differ in number',
  ],
  [
    'SELECT (SELECT count(*) FROM record) <> (SELECT coalesce(sum(record_count), 0) FROM author) AS differs',
    'the records and the counts of their authors differ',
  ],
  [
    `SELECT (SELECT count(*) FROM record WHERE kind = 1 AND state = 0 AND is_hidden = 0)
       <> (SELECT coalesce(sum(post_count), 0) FROM author) AS differs`,
    'the posts and the counts of their authors differ',
  ],
  [
    `SELECT (SELECT count(DISTINCT log_id || ':' || seq) FROM record WHERE state <> 2)
       <> (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM held_range) AS differs`,
    'the records and the held ranges of their logs differ',
  ],
  [
    `SELECT EXISTS (SELECT 1 FROM log WHERE head_seq <>
       (SELECT coalesce(max(seq), 0) FROM record WHERE record.log_id = log.log_id)) AS differs`,
    'the records and the heads of their logs differ',
  ],
] as const

/** What a table keeps in memory of what the file says. */
export interface KeptInMemory {
  /** Writes what stands in memory only; called before each commit. */
  readonly flush?: () => void
  /** Forgets all of it: a transaction was undone, and what it changed in memory is wrong. */
  readonly forget: () => void
}

/** square.db: open file, transactions and facts about itself. The tables have classes of their own. */
export class SquareDatabase extends DatabaseFile {
  readonly #kept: KeptInMemory[] = []
  readonly #getMeta
  readonly #putMeta
  readonly #dropMeta

  /** @throws DatabaseError, DiskFullError */
  constructor(init: { readonly path: string; readonly isSecureDelete?: boolean }) {
    super({
      path: init.path,
      applicationId: SQUARE_APPLICATION_ID,
      migrations: squareMigrations,
      synchronous: 'NORMAL',
      cacheKiB: CACHE_KIB,
      isSecureDelete: init.isSecureDelete ?? true,
    })
    this.#getMeta = this.db.prepare('SELECT value FROM meta WHERE key = ?')
    this.#putMeta = this.db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
    this.#dropMeta = this.db.prepare('DELETE FROM meta WHERE key = ?')
  }

  /** From now on this hears of the end of every transaction. */
  keep(kept: KeptInMemory): void {
    this.#kept.push(kept)
  }

  override transaction<T>(work: () => T): T {
    try {
      return super.transaction(() => {
        const result = work()
        for (const { flush } of this.#kept) flush?.()
        return result
      })
    } catch (error) {
      for (const { forget } of this.#kept) forget()
      throw error
    }
  }

  getMeta(key: string): Uint8Array | null {
    const value = this.#getMeta.get(key)?.value
    return value instanceof Uint8Array ? value : null
  }

  setMeta(key: string, value: Uint8Array | null): void {
    if (value === null) this.#dropMeta.run(key)
    else this.#putMeta.run(key, value)
  }

  /** What is wrong, [] when nothing is. Reads everything: minutes on a big file. */
  override integrityCheck(): string[] {
    return [...super.integrityCheck(), ...this.#checkSearch(), ...this.#checkAgreements()]
  }

  override listChecks(): (() => string[])[] {
    return [...super.listChecks(), () => this.#checkSearch(), () => this.#checkAgreements()]
  }

  #checkSearch(): string[] {
    return ['post_search', 'post_gram'].flatMap((table) => {
      try {
        this.db.exec(`INSERT INTO ${table} (${table}) VALUES ('integrity-check')`)
        return []
      } catch (error) {
        return [`search index: ${error instanceof Error ? error.message : String(error)}`]
      }
    })
  }

  #checkAgreements(): string[] {
    return AGREEMENTS.flatMap(([sql, problem]) => (this.db.prepare(sql).get()?.differs === 1 ? [problem] : []))
  }
}

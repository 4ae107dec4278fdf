import { createHash } from 'node:crypto'
import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseError, toStoreError } from './sqlite-errors.ts'

/** One numbered step of a schema. A released step is never edited: what changes is a new step. */
export interface Migration {
  /** `user_version` after this step; 1, 2, 3 … without holes. */
  readonly version: number
  readonly sql: string
  /**
   * SHA-256 of what a file says about its tables after this step, in hex. Known beforehand it spares a start from making
   * them all in memory, which takes longer than the rest of opening; another one is looked into as if none were known.
   */
  readonly schemaHash?: string
}

export interface DatabaseInit {
  readonly path: string
  /** SQLite's application_id: tells our files apart from each other and from those of strangers. */
  readonly applicationId: number
  readonly migrations: readonly Migration[]
  /** FULL survives a power cut after each commit, NORMAL may lose the last ones (never its integrity). */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Memory for its pages; 16 MiB when left out. */
  readonly cacheKiB?: number
  /** Overwrites what is deleted. Off only in tests that need the control. */
  readonly isSecureDelete?: boolean
}

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
const BUSY_TIMEOUT_MS = 5_000
const CACHE_KIB = 16_384

/**
 * Opens a database of ours, bringing it up to the newest schema. Looks at it read-only first, so that a file that is
 * newer, damaged, foreign or not writable is refused without a byte being changed.
 *
 * @throws DatabaseError `database-newer`, `database-damaged`, `database-foreign`, `database-readonly`,
 *   `database-unreachable`; DiskFullError
 */
export function openDatabase(init: DatabaseInit): DatabaseSync {
  const newest = init.migrations.at(-1)?.version ?? 0
  const isNew = !existsSync(init.path) || statSync(init.path).size === 0
  checkWritable(init.path)
  if (!isNew) inspect(init, newest)
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(init.path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false })
    if (isNew) db.exec('PRAGMA auto_vacuum = INCREMENTAL')
    db.exec('PRAGMA journal_mode = WAL')
    db.exec(`PRAGMA synchronous = ${init.synchronous}`)
    db.exec(`PRAGMA secure_delete = ${(init.isSecureDelete ?? true) ? 'ON' : 'OFF'}`)
    db.exec(
      `PRAGMA cache_size = -${init.cacheKiB ?? CACHE_KIB}; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF`,
    )
    if (!isNew) checkSchema(db, init)
    migrate(db, init)
    return db
  } catch (error) {
    db?.close()
    throw toStoreError(error, init.path)
  }
}

function checkWritable(path: string): void {
  const target = existsSync(path) ? path : dirname(path)
  try {
    if (existsSync(path) && !statSync(path).isFile()) throw new Error('not a file')
    accessSync(target, constants.R_OK | constants.W_OK)
    accessSync(dirname(path), constants.R_OK | constants.W_OK)
  } catch (error) {
    const code =
      error instanceof Error && 'code' in error && error.code !== 'ENOENT'
        ? 'database-readonly'
        : 'database-unreachable'
    throw new DatabaseError(code, `${path} can't be read and written by this user`, {
      cause: error,
      data: { file: path },
    })
  }
}

/** The header by hand first: SQLite would take a damaged one for an empty database or complain in riddles. */
function inspect(init: DatabaseInit, newest: number): void {
  const header = Buffer.alloc(HEADER_BYTES)
  const file = openSync(init.path, 'r')
  try {
    readSync(file, header, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(file)
  }
  const data = { file: init.path }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DatabaseError('database-damaged', `${init.path} is not a database`, { data })
  }
  // A read-only connection leaves the file alone on close too, where a writing one would write its log back.
  let db: DatabaseSync | undefined
  let found: { version: number; application: number; tables: number }
  try {
    db = new DatabaseSync(init.path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
    found = {
      version: readPragma(db, 'user_version'),
      application: readPragma(db, 'application_id'),
      tables: Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n),
    }
  } catch (error) {
    throw toStoreError(error, init.path)
  } finally {
    db?.close()
  }
  if (found.application !== init.applicationId && found.tables > 0) {
    throw new DatabaseError('database-foreign', `${init.path} is not a ${basename(init.path)} of Palabre`, { data })
  }
  if (found.version > newest) {
    throw new DatabaseError(
      'database-newer',
      `${init.path} has schema version ${found.version}, this Palabre knows ${newest}: use the newer Palabre that wrote it`,
      { data: { ...data, found: found.version, known: newest } },
    )
  }
}

function readPragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
}

/** What stands in the file about its own tables must be what this version of it says: SQLite reads the rest by that. */
function checkSchema(db: DatabaseSync, init: DatabaseInit): void {
  const version = readPragma(db, 'user_version')
  const found = schemaOf(db)
  const known = init.migrations.find((step) => step.version === version)?.schemaHash
  if (known !== undefined && hashOf(found) === known) return
  if (found === expectedSchema(init.migrations, version)) return
  const message = `${init.path} is damaged: its tables are not those of schema version ${version}`
  throw new DatabaseError('database-damaged', message, { data: { file: init.path } })
}

const expectedSchemas = new WeakMap<readonly Migration[], Map<number, string>>()

function expectedSchema(migrations: readonly Migration[], version: number): string {
  const known = expectedSchemas.get(migrations) ?? new Map<number, string>()
  expectedSchemas.set(migrations, known)
  const schema = known.get(version) ?? makeSchema(migrations.filter((step) => step.version <= version))
  known.set(version, schema)
  return schema
}

function makeSchema(migrations: readonly Migration[]): string {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
  try {
    for (const { sql } of migrations) db.exec(sql)
    return schemaOf(db)
  } finally {
    db.close()
  }
}

/** Hash of the schema that these steps make, for `Migration.schemaHash` of the last of them. */
export function schemaHashOf(migrations: readonly Migration[]): string {
  return hashOf(makeSchema(migrations))
}

function hashOf(schema: string): string {
  return createHash('sha256').update(schema).digest('hex')
}

/** Without what the search index makes for itself, which is SQLite's own affair. */
function schemaOf(db: DatabaseSync): string {
  const rows = db
    .prepare(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema
       WHERE name NOT GLOB 'sqlite_*' AND name NOT GLOB 'post_search_*'
       ORDER BY type, name`,
    )
    .all()
  return JSON.stringify(rows)
}

function migrate(db: DatabaseSync, init: DatabaseInit): void {
  const current = readPragma(db, 'user_version')
  for (const { version, sql } of init.migrations) {
    if (version <= current) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(sql)
      db.exec(`PRAGMA application_id = ${init.applicationId}; PRAGMA user_version = ${version}`)
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}

/** Runs `work` in one transaction; whatever it throws undoes everything. */
export function inTransaction<T>(db: DatabaseSync, file: string, work: () => T): T {
  try {
    db.exec('BEGIN IMMEDIATE')
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself after a full disk or an I/O error.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw toStoreError(error, file)
  }
}

/** True when this SQLite can search (FTS5), which some builds leave out. */
export function hasFullTextSearch(): boolean {
  const db = new DatabaseSync(':memory:')
  try {
    db.exec("CREATE VIRTUAL TABLE probe USING fts5 (text); INSERT INTO probe VALUES ('palabre')")
    return db.prepare("SELECT count(*) AS n FROM probe WHERE probe MATCH 'palabre'").get()?.n === 1
  } catch {
    return false
  } finally {
    db.close()
  }
}

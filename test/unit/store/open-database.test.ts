import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { hasFullTextSearch, openDatabase, schemaHashOf } from '../../../core/store/open-database.ts'
import { ownMigrations } from '../../../core/store/own-schema.ts'
import { SQUARE_APPLICATION_ID } from '../../../core/store/square-database.ts'
import { squareMigrations } from '../../../core/store/square-schema.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const FIXTURE = new URL('../../fixtures/databases/v1/square.db', import.meta.url).pathname

function copyFixture(): string {
  const path = join(makeTempDir(), 'square.db')
  copyFileSync(FIXTURE, path)
  return path
}

function open(path: string): DatabaseSync {
  return openDatabase({
    path,
    applicationId: SQUARE_APPLICATION_ID,
    migrations: squareMigrations,
    synchronous: 'NORMAL',
  })
}

/** Runs `change` on a copy, expects the refusal, and that bytes and time of the file stayed. */
function expectRefused(path: string, code: string): void {
  const past = new Date(1_700_000_000_000)
  utimesSync(path, past, past)
  const before = readFileSync(path)
  expect(() => open(path)).toThrow(expect.objectContaining({ code }))
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(statSync(path).mtimeMs).toBe(past.getTime())
}

describe('openDatabase', () => {
  it('makes a database with the newest schema, write-ahead log and secure deletion', () => {
    const db = open(join(makeTempDir(), 'square.db'))
    expect(db.prepare('PRAGMA user_version').get()?.user_version).toBe(squareMigrations.at(-1)?.version)
    expect(db.prepare('PRAGMA journal_mode').get()?.journal_mode).toBe('wal')
    expect(db.prepare('PRAGMA secure_delete').get()?.secure_delete).toBe(1)
    expect(db.prepare('PRAGMA synchronous').get()?.synchronous).toBe(1)
    db.close()
  })

  it('refuses a newer database without touching it', () => {
    const path = copyFixture()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 9999')
    db.close()
    expectRefused(path, 'database-newer')
  })

  it('refuses a newer database whose version stands in its log only', () => {
    const path = copyFixture()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 9999')
    const copy = join(makeTempDir(), 'square.db')
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    db.close()
    expectRefused(copy, 'database-newer')
  })

  it('refuses what is no database', () => {
    const path = join(makeTempDir(), 'square.db')
    writeFileSync(path, 'a shopping list, long enough to be looked at as a header\n'.repeat(10))
    expectRefused(path, 'database-damaged')
  })

  it('refuses a database that was cut off', () => {
    const path = copyFixture()
    truncateSync(path, 1_000)
    expectRefused(path, 'database-damaged')
  })

  it('refuses a database whose first page is overwritten', () => {
    const path = copyFixture()
    const bytes = readFileSync(path)
    bytes.fill(0xa5, 100, 4_096)
    writeFileSync(path, bytes)
    expectRefused(path, 'database-damaged')
  })

  it('refuses a database of another program', () => {
    const path = join(makeTempDir(), 'square.db')
    const db = new DatabaseSync(path)
    db.exec('CREATE TABLE bookmark (url TEXT)')
    db.close()
    expectRefused(path, 'database-foreign')
  })

  it('refuses one of our own databases under another name', () => {
    const path = join(makeTempDir(), 'square.db')
    openDatabase({ path, applicationId: 1, migrations: ownMigrations, synchronous: 'FULL' }).close()
    expectRefused(path, 'database-foreign')
  })

  it('refuses a folder in the place of a file', () => {
    const path = join(makeTempDir(), 'square.db')
    mkdirSync(path)
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'database-unreachable' }))
  })

  it('refuses a path whose folder is not there', () => {
    const path = join(makeTempDir(), 'nowhere', 'square.db')
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'database-unreachable' }))
  })

  it.skipIf(process.platform === 'win32')('refuses a database that this user may not write', () => {
    const path = copyFixture()
    chmodSync(join(path, '..'), 0o755)
    chmodSync(path, 0o444)
    const before = readFileSync(path)
    const module = new URL('../../../core/store/open-database.ts', import.meta.url).href
    const script = `
      const { openDatabase } = await import(${JSON.stringify(module)})
      try {
        openDatabase({ path: ${JSON.stringify(path)}, applicationId: ${SQUARE_APPLICATION_ID}, migrations: [], synchronous: 'FULL' })
        process.stdout.write('opened')
      } catch (error) { process.stdout.write(String(error.code)) }`
    // Root may write everything: somebody else has to try.
    const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', ...identity })
    expect(child.stdout).toBe('database-readonly')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('knows the newest schema of the square beforehand', () => {
    expect(squareMigrations.at(-1)?.schemaHash).toBe(schemaHashOf(squareMigrations))
  })

  it('refuses tables that are not those of its version, and looks closer where another schema was expected', () => {
    const path = join(makeTempDir(), 'square.db')
    open(path).close()
    const migrations = squareMigrations.map((step) => ({ ...step, schemaHash: 'of another build' }))
    openDatabase({ path, applicationId: SQUARE_APPLICATION_ID, migrations, synchronous: 'NORMAL' }).close()
    const db = new DatabaseSync(path)
    db.exec('DROP INDEX post_by_search')
    db.close()
    expectRefused(path, 'database-damaged')
  })

  it('finds full-text search in this SQLite', () => {
    expect(hasFullTextSearch()).toBe(true)
  })
})

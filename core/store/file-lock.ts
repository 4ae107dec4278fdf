import { DatabaseSync } from 'node:sqlite'
import { toStoreError } from './sqlite-errors.ts'

/** A lock that the operating system keeps for this process. It ends with the process, however that ends. */
export interface FileLock {
  release(): void
}

/** A database that nobody refers to is closed when memory is collected, and its lock with it. */
const held = new Set<DatabaseSync>()
const SQLITE_BUSY = 5
/** Two that try at the same moment get in each other's way; SQLite sorts that out within this time. */
const TIMEOUT_MS = 250

/**
 * Takes the lock of an empty database at `path`, which is made where it is missing and never written to; undefined when
 * somebody else holds it, in this process too. Blocks for 250 ms at most.
 *
 * SQLite brings the locks of each system (fcntl, LockFileEx) and their rules: no other code of the process may open the
 * file, because closing it would give the lock away on POSIX (https://sqlite.org/howtocorrupt.html, section 2.2).
 *
 * @throws DatabaseError when the file can't be made or is no database
 */
export function tryLockFile(path: string): FileLock | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { timeout: TIMEOUT_MS })
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    db?.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw toStoreError(error, path)
  }
  const locked = db
  held.add(locked)
  return {
    release() {
      if (held.delete(locked)) locked.close()
    },
  }
}

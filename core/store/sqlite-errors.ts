import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { PalabreError } from '../util/errors.ts'

const PRIMARY_CODE = 0xff
const SQLITE_READONLY = 8
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26

/** The disk has no room: nothing of the transaction was kept. */
export class DiskFullError extends PalabreError {
  constructor(file: string, cause: unknown) {
    super('disk-full', `no room on the disk for ${file}: nothing of this was stored; free some space and try again`, {
      cause,
      data: { file },
    })
  }
}

/** A database that can't be used as it is; `code` says why. Its file was not touched. */
export class DatabaseError extends PalabreError {}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & PRIMARY_CODE : undefined
}

/** Less than what SQLite needs for its shared memory and a few pages. */
const NO_ROOM_BYTES = 262_144

/** SQLite calls it an I/O error when there is no room for its side files. */
function hasNoRoom(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize < NO_ROOM_BYTES
  } catch {
    return false
  }
}

/** True when what was read makes no sense: the bytes on the disk are not those that were written. */
export function isDamage(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === 'database-damaged'
  const code = sqliteCode(error)
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB || code === SQLITE_IOERR) return true
  return isAbsurdNumber(error)
}

/** A stored number that none of ours can be. */
function isAbsurdNumber(error: unknown): error is Error {
  return error instanceof Error && /too large to be represented as a JavaScript number/.test(error.message)
}

/** Turns what SQLite throws into errors with stable codes; anything else is given back as it is. */
export function toStoreError(error: unknown, file: string): unknown {
  const message = error instanceof Error ? error.message : String(error)
  switch (sqliteCode(error)) {
    case SQLITE_FULL:
      return new DiskFullError(file, error)
    case SQLITE_READONLY:
      return new DatabaseError('database-readonly', `${file} can't be written: ${message}`, {
        cause: error,
        data: { file },
      })
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new DatabaseError('database-damaged', `${file} is damaged: ${message}`, { cause: error, data: { file } })
    case SQLITE_CANTOPEN:
      if (hasNoRoom(file)) return new DiskFullError(file, error)
      return new DatabaseError('database-unreachable', `${file} can't be opened: ${message}`, {
        cause: error,
        data: { file },
      })
    case SQLITE_IOERR:
      if (hasNoRoom(file)) return new DiskFullError(file, error)
      return new DatabaseError('disk-error', `the disk refused to read or write ${file}: ${message}`, {
        cause: error,
        data: { file },
      })
    default:
      if (!isAbsurdNumber(error)) return error
      return new DatabaseError('database-damaged', `${file} is damaged: ${message}`, { cause: error, data: { file } })
  }
}

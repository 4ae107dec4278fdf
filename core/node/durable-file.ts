import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DiskFullError } from '../store/sqlite-errors.ts'

/** Steps of a durable write, replaceable so that tests can stop between any two of them. */
export interface FileSteps {
  /** Creates or truncates, writes everything, fsyncs, closes. */
  writeSynced(path: string, bytes: Uint8Array): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Makes renames in the folder survive a power cut. */
  syncFolder(path: string): Promise<void>
}

/** Readable and writable by the owner only. */
export const PRIVATE_FILE_MODE = 0o600

/** The real disk. */
export const diskSteps: FileSteps = {
  async writeSynced(path, bytes) {
    const handle = await open(path, 'w', PRIVATE_FILE_MODE)
    try {
      await handle.chmod(PRIVATE_FILE_MODE)
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  rename,
  async syncFolder(path) {
    // Windows has no fsync of folders; NTFS journals renames.
    if (process.platform === 'win32') return
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}

/**
 * tmp → fsync → rename → fsync of the folder: afterwards the file holds the new bytes, or still the old ones.
 * @throws DiskFullError
 */
export async function writeDurably(path: string, bytes: Uint8Array, steps: FileSteps = diskSteps): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    await steps.writeSynced(temporary, bytes)
    await steps.rename(temporary, path)
    await steps.syncFolder(dirname(path))
  } catch (error) {
    if (!isFull(error)) throw error
    await rm(temporary, { force: true }).catch(() => {})
    throw new DiskFullError(path, error)
  }
}

/** Bytes of the file, null where there is none. Other failures throw. */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

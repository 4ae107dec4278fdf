import { type FileHandle, open } from 'node:fs/promises'
import { ArchiveUnreadableError } from './archive-errors.ts'

/** Where the bytes of an archive come from. */
export interface ArchiveSource {
  readonly size: number
  /** When it was last changed, milliseconds since 1970. */
  readonly modifiedMs: number
  /** A buffer of its own each time; shorter where the bytes end. */
  readAt(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** @throws ArchiveUnreadableError for a path that isn't a readable file */
export async function openArchiveFile(path: string): Promise<ArchiveSource> {
  const file = await openFile(path)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new ArchiveUnreadableError(`${path} is not a file`)
    return {
      size: stat.size,
      modifiedMs: Math.trunc(stat.mtimeMs),
      readAt: (offset, length) => readAt(file, offset, Math.max(0, Math.min(length, stat.size - offset))),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    const what = reason === 'ENOENT' ? 'there is no such file' : `it can't be read (${reason})`
    throw new ArchiveUnreadableError(`${path}: ${what}`, { cause })
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let have = 0
  while (have < length) {
    const { bytesRead } = await file.read(bytes, have, length - have, offset + have)
    if (bytesRead === 0) break
    have += bytesRead
  }
  return bytes.subarray(0, have)
}

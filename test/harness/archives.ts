import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ArchiveReader } from '../../core/archive/archive-reader.ts'
import { type ArchiveSource, openArchiveFile } from '../../core/archive/archive-source.ts'
import { ArchiveWriter } from '../../core/archive/archive-writer.ts'
import { makeCorpus } from './corpus.ts'

export const ARCHIVE_NETWORK = 'palabre'
/** So that a small archive has several. */
export const SMALL_BATCHES = { blocks: 512, bytes: 262_144 }

export interface ReadBack {
  readonly operations: Uint8Array[]
  readonly records: Uint8Array[]
  /** After each batch. */
  readonly offsets: number[]
  /** What ended the reading before its end. */
  readonly error: unknown
}

/** Writes an archive and gives its bytes back. */
export async function writeArchive(path: string, wires: readonly Uint8Array[]): Promise<Uint8Array> {
  const writer = await ArchiveWriter.create({ path, network: ARCHIVE_NETWORK })
  await writer.add(wires)
  await writer.finish()
  return new Uint8Array(await readFile(path))
}

/** A small archive of made-up people in a file of that folder. */
export async function writeSmallArchive(folder: string, init = { authors: 3, posts: 25, seed: 7 }) {
  const path = join(folder, 'small.car')
  const { operations, records } = makeCorpus(init)
  const bytes = await writeArchive(path, [...operations, ...records])
  return { path, bytes, operations, records }
}

/** Everything up to the end or to what stops the reading. @throws what `openArchive` does */
export async function readBack(path: string, from?: number): Promise<ReadBack> {
  return readAll(await openArchive(path), from)
}

/** The same for bytes that stand in no file. */
export async function readBytes(bytes: Uint8Array): Promise<ReadBack> {
  const source: ArchiveSource = {
    size: bytes.length,
    modifiedMs: 0,
    readAt: async (offset, length) => bytes.slice(offset, offset + length),
    close: async () => {},
  }
  return readAll(await ArchiveReader.open(source, ARCHIVE_NETWORK, SMALL_BATCHES))
}

export async function openArchive(path: string): Promise<ArchiveReader> {
  return ArchiveReader.open(await openArchiveFile(path), ARCHIVE_NETWORK, SMALL_BATCHES)
}

async function readAll(reader: ArchiveReader, from?: number): Promise<ReadBack> {
  const back: ReadBack & { error: unknown } = { operations: [], records: [], offsets: [], error: null }
  try {
    for await (const batch of reader.read(from)) {
      back.operations.push(...batch.operations)
      back.records.push(...batch.records)
      back.offsets.push(batch.nextOffset)
    }
  } catch (error) {
    back.error = error
  } finally {
    await reader.close()
  }
  return back
}

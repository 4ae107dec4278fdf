import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ArchiveWriter } from '../../../core/archive/archive-writer.ts'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { ARCHIVE_NETWORK, readBack, writeSmallArchive } from '../../harness/archives.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

describe('ArchiveWriter', () => {
  it('shows the file only when it is whole, to its owner only', async () => {
    const folder = makeTempDir()
    const path = join(folder, 'a.car')
    const writer = await ArchiveWriter.create({ path, network: ARCHIVE_NETWORK })
    expect(await readdir(folder)).toEqual(['a.car.part'])
    await writer.finish()
    expect(await readdir(folder)).toEqual(['a.car'])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readBack(path)).toMatchObject({ operations: [], records: [], error: null })
  })

  it('leaves nothing behind when it is abandoned', async () => {
    const folder = makeTempDir()
    const writer = await ArchiveWriter.create({ path: join(folder, 'a.car'), network: ARCHIVE_NETWORK })
    await writer.abandon()
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses what is neither an operation nor a record (ARC4)', async () => {
    const writer = await ArchiveWriter.create({ path: join(makeTempDir(), 'a.car'), network: ARCHIVE_NETWORK })
    await expect(writer.add([encodeCbor({ blocks: 1 })])).rejects.toThrow(RangeError)
    await expect(writer.add([new Uint8Array(40_000)])).rejects.toThrow(RangeError)
    await writer.abandon()
  })

  it('makes the same bytes of the same records', async () => {
    const first = await writeSmallArchive(makeTempDir())
    const second = await writeSmallArchive(makeTempDir())
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0)
  })
})

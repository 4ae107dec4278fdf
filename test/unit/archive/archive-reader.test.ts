import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeBlock, encodeEnd, encodeStart, MAX_DATA_BYTES } from '../../../core/archive/archive-format.ts'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import { concatBytes, utf8 } from '../../../core/util/bytes.ts'
import {
  ARCHIVE_NETWORK,
  openArchive,
  readBack,
  readBytes,
  writeArchive,
  writeSmallArchive,
} from '../../harness/archives.ts'
import { makeCorpus } from '../../harness/corpus.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const FIXTURE = join(import.meta.dirname, '../../fixtures/archives/v1.car')
const START = encodeStart(ARCHIVE_NETWORK)

async function openError(bytes: Uint8Array): Promise<unknown> {
  return readBytes(bytes).catch((error: unknown) => error)
}

describe('ArchiveReader', () => {
  it('gives back operations and records as they were, in order (ARC1, ARC4)', async () => {
    const { path, operations, records } = await writeSmallArchive(makeTempDir())
    const back = await readBack(path)
    expect(back).toMatchObject({ operations, records, error: null })
  })

  it('reads what another implementation of CAR wrote, and the writer makes the same bytes (ARC1)', async () => {
    const { operations, records, error } = await readBack(FIXTURE)
    expect({ error, operations: operations.length, hasRecords: records.length >= 12 }).toEqual({
      error: null,
      operations: 2,
      hasRecords: true,
    })
    const written = await writeArchive(join(makeTempDir(), 'v1.car'), [...operations, ...records])
    expect(Buffer.compare(written, await readFile(FIXTURE))).toBe(0)
  })

  it('goes on from any batch, and gives the rest', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir(), { authors: 4, posts: 1100, seed: 2 })
    const { offsets } = await readBack(path)
    expect(offsets.length).toBeGreaterThan(2)
    for (const offset of offsets) {
      const rest = await readBack(path, offset)
      expect(rest.error).toBeNull()
      expect(rest.records).toEqual(records.slice(records.length - rest.records.length))
    }
    expect((await readBack(path, offsets.at(-1))).records).toEqual([])
    const counts = await Promise.all(offsets.map(async (offset) => (await readBack(path, offset)).records.length))
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  })

  it('keeps batches small', async () => {
    const { path } = await writeSmallArchive(makeTempDir(), { authors: 4, posts: 1100, seed: 2 })
    const reader = await openArchive(path)
    for await (const { operations, records } of reader.read()) {
      expect(operations.length + records.length).toBeLessThanOrEqual(512)
    }
    await reader.close()
  })

  it('refuses other files, later versions and other networks (ARC2)', async () => {
    const described = (value: Record<string, string | number>) =>
      concatBytes(START.subarray(0, 59), encodeBlock(encodeCbor(value)), encodeEnd(0))
    expect(
      described({ format: 'palabre/archive', network: ARCHIVE_NETWORK, version: 1 }).subarray(0, START.length),
    ).toEqual(START)
    const format = 'palabre/archive'
    const cases: [string, Uint8Array][] = [
      ['archive-foreign', new Uint8Array()],
      ['archive-foreign', utf8('{"posts": []}')],
      ['archive-foreign', START.subarray(0, 40)],
      ['archive-foreign', described({ format: 'palabre/other', network: ARCHIVE_NETWORK, version: 1 })],
      ['archive-foreign', described({ format, version: 1 })],
      ['archive-newer', described({ format, network: ARCHIVE_NETWORK, version: 2, more: 'x' })],
      ['archive-network', described({ format, network: 'elsewhere', version: 1 })],
    ]
    for (const [code, bytes] of cases) expect(await openError(bytes)).toMatchObject({ code })
    expect(await openError(described({ format, network: 'elsewhere', version: 1 }))).toMatchObject({
      message: expect.stringContaining('“elsewhere”'),
    })
  })

  it('says what is wrong with a path', async () => {
    const folder = makeTempDir()
    await mkdir(join(folder, 'folder'))
    const open = (name: string) => openArchive(join(folder, name))
    await expect(open('nothing.car')).rejects.toMatchObject({
      code: 'archive-unreadable',
      message: expect.stringContaining('there is no such file'),
    })
    await expect(open('folder')).rejects.toMatchObject({ code: 'archive-unreadable' })
  })

  it('keeps what stands before a cut, and says where it is, wherever a file is cut (ARC5, ARC6)', async () => {
    const { bytes, operations, records } = await writeSmallArchive(makeTempDir(), { authors: 1, posts: 2, seed: 3 })
    const wires = [...operations, ...records]
    const ends: number[] = [START.length]
    for (const wire of wires) ends.push((ends.at(-1) as number) + encodeBlock(wire).length)
    for (let cut = START.length; cut < bytes.length; cut += 23) {
      const back = await readBytes(bytes.subarray(0, cut))
      const whole = ends.filter((end) => end <= cut).length - 1
      expect([...back.operations, ...back.records]).toEqual(wires.slice(0, whole))
      expect(back.error).toMatchObject({ code: 'archive-cut' })
    }
    const atBorder = await readBytes(bytes.subarray(0, ends.at(-1)))
    expect(atBorder.error).toMatchObject({ code: 'archive-cut', data: { offset: ends.at(-1) } })
  })

  it('notices a flipped bit where it stands, and keeps what stands before (ARC3, ARC6)', async () => {
    const { bytes, operations, records } = await writeSmallArchive(makeTempDir())
    const before = concatBytes(START, ...[...operations, ...records.slice(0, 9)].map(encodeBlock))
    const flipped = Uint8Array.from(bytes)
    flipped[before.length + 200] = (flipped[before.length + 200] as number) ^ 4
    const back = await readBytes(flipped)
    expect(back.records).toEqual(records.slice(0, 9))
    expect(back.error).toMatchObject({ code: 'archive-damaged', data: { offset: before.length } })
    expect((back.error as Error).message).toContain(`byte ${before.length.toString()}`)
  })

  it('refuses a length over the limit before it waits for so many bytes (ARC3)', async () => {
    const [record] = makeCorpus({ authors: 1, posts: 1, seed: 1 }).records as [Uint8Array]
    const long = encodeBlock(new Uint8Array(MAX_DATA_BYTES + 1).fill(0x83))
    const lengths = [
      long.subarray(0, 50),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f),
      Uint8Array.of(0),
      Uint8Array.of(0x80, 0),
    ]
    for (const bad of lengths) {
      const back = await readBytes(concatBytes(START, encodeBlock(record), bad, new Uint8Array(40)))
      expect(back.records).toEqual([record])
      expect(back.error).toMatchObject({ code: 'archive-damaged' })
    }
  })

  it('refuses blocks that are neither an operation nor a record (ARC4)', async () => {
    for (const value of [[1, 2, 3], 'text', [new Uint8Array(3), 5], new Uint8Array(9), []]) {
      const back = await readBytes(concatBytes(START, encodeBlock(encodeCbor(value)), encodeEnd(1)))
      expect(back.error).toMatchObject({ code: 'archive-damaged', data: { offset: START.length } })
    }
  })

  it('refuses an end that counts otherwise, and what stands behind the end (ARC5)', async () => {
    const [record] = makeCorpus({ authors: 1, posts: 1, seed: 1 }).records as [Uint8Array]
    const block = encodeBlock(record)
    for (const tail of [encodeEnd(2), encodeBlock(encodeCbor({ other: 1 })), concatBytes(encodeEnd(1), block)]) {
      const back = await readBytes(concatBytes(START, block, tail))
      expect(back.records).toEqual([record])
      expect(back.error).toMatchObject({ code: 'archive-damaged' })
    }
  })

  it('stops at a signal', async () => {
    const { path } = await writeSmallArchive(makeTempDir())
    const reader = await openArchive(path)
    const abort = new AbortController()
    abort.abort(new Error('enough'))
    await expect(reader.read(reader.start, { signal: abort.signal }).next()).rejects.toThrow('enough')
    await reader.close()
  })
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ArchiveImport, EMPTY_TALLY, type ImportPlace, identifyArchive } from '../../../core/archive/archive-import.ts'
import type { IngestBatch, IngestDoor, IngestResult } from '../../../core/ingest/door.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { concatBytes } from '../../../core/util/bytes.ts'
import { openArchive, writeArchive, writeSmallArchive } from '../../harness/archives.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

type Intercept = (batch: IngestBatch, number: number, go: () => IngestResult) => Promise<IngestResult> | IngestResult

/** The door of a store in this thread. */
function doorOf(store: TestSquare, intercept: Intercept = (_, __, go) => go()): IngestDoor {
  let number = 0
  return {
    ingest: async ({ operations, records }, source) =>
      intercept({ operations, records }, number++, () =>
        store.square.ingest(packBytes(operations), packBytes(records), source),
      ),
  }
}

async function take(path: string, door: IngestDoor, from: ImportPlace | null = null, signal?: AbortSignal) {
  const reader = await openArchive(path)
  const places: ImportPlace[] = []
  const place = from ?? { file: await identifyArchive(reader), offset: reader.start, tally: EMPTY_TALLY }
  const work = new ArchiveImport({ reader, door }, { place, onTaken: (taken) => void places.push(taken) })
  const error = await work.run({ signal }).then(
    () => null,
    (reason: unknown) => reason,
  )
  await reader.close()
  return { error, places, last: places.at(-1) ?? null }
}

const countOf = (store: TestSquare) => store.square.stats().records

/** Four batches. */
const SEVERAL = { authors: 4, posts: 1_100, seed: 2 }

describe('ArchiveImport', () => {
  it('takes everything in, also what a peer that follows nobody would not keep', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir())
    const store = new TestSquare({ role: 'peer' })
    const { error, last } = await take(path, doorOf(store))
    expect(error).toBeNull()
    expect(last?.tally).toEqual({
      operations: { added: 3, known: 0 },
      records: { added: records.length, known: 0 },
      refused: [],
    })
    expect(countOf(store)).toBe(records.length)
  })

  it('says what was here already', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir())
    const store = new TestSquare()
    await take(path, doorOf(store))
    const again = await take(path, doorOf(store))
    expect(again.last?.tally).toMatchObject({ records: { added: 0, known: records.length } })
  })

  it('says what is not kept, and why', async () => {
    const folder = makeTempDir()
    const [ana, bob] = [new TestAuthor('ana'), new TestAuthor('bob')]
    const [good, late] = [ana.post('good'), ana.post('late', { ts: Date.UTC(2090, 0, 1) })]
    const forged = Uint8Array.from(good.bytes)
    forged[forged.length - 1] = (forged.at(-1) as number) ^ 1
    const long = concatBytes(Uint8Array.of(0x83, 0x41, 0, 0x41, 0, 0x59, 0x30, 0), new Uint8Array(0x3000))
    const wires = [ana.genesis, good.bytes, late.bytes, forged, long, bob.post('who am I').bytes]
    await writeArchive(join(folder, 'a.car'), wires)
    const { error, last } = await take(join(folder, 'a.car'), doorOf(new TestSquare()))
    expect(error).toBeNull()
    expect(last?.tally).toMatchObject({ operations: { added: 1, known: 0 }, records: { added: 1, known: 0 } })
    expect(last?.tally.refused.toSorted((a, b) => a.reason.localeCompare(b.reason))).toEqual([
      { verdict: 'reject', reason: 'body-hash', count: 1 },
      { verdict: 'hold', reason: 'future-timestamp', count: 1 },
      { verdict: 'reject', reason: 'too-large', count: 1 },
      { verdict: 'hold', reason: 'unknown-identity', count: 1 },
    ])
  })

  it('never moves past a batch that failed, though later ones came in', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir(), SEVERAL)
    const store = new TestSquare()
    const full = doorOf(store, (_, number, go) => {
      if (number === 1) throw new Error('the disk is full')
      return go()
    })
    const { error, last } = await take(path, full)
    expect(error).toMatchObject({ message: 'the disk is full' })
    // The third batch was under way and is here; the place stands before the second all the same.
    expect(countOf(store)).toBeGreaterThan(600)
    const rest = await take(path, doorOf(store), last)
    expect(rest.error).toBeNull()
    expect(countOf(store)).toBe(records.length)
  })

  it('stops where the disk has no room for others, and goes on from there', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir(), SEVERAL)
    const store = new TestSquare()
    const low = doorOf(store, ({ operations, records: wires }, number, go) => {
      if (number !== 2) return go()
      const verdict = { verdict: 'drop', reason: 'disk-low' } as const
      const refused = { verdict, id: null, author: null, isNew: false, isKept: false, mayForward: false }
      return { operations: operations.map(() => refused), records: wires.map(() => refused) }
    })
    const { error, last } = await take(path, low)
    expect(error).toMatchObject({ code: 'disk-low' })
    expect(last?.tally.refused).toEqual([])
    await take(path, doorOf(store), last)
    expect(countOf(store)).toBe(records.length)
  })

  it('keeps what stands before the damage (ARC6)', async () => {
    const folder = makeTempDir()
    const { bytes, records } = await writeSmallArchive(folder, SEVERAL)
    await writeFile(join(folder, 'cut.car'), bytes.subarray(0, bytes.length - 100))
    const store = new TestSquare()
    const { error } = await take(join(folder, 'cut.car'), doorOf(store))
    expect(error).toMatchObject({ code: 'archive-cut' })
    expect(countOf(store)).toBe(records.length - 1)
  })

  it('waits at a signal for what is on its way, and goes on from there', async () => {
    const { path, records } = await writeSmallArchive(makeTempDir(), SEVERAL)
    const store = new TestSquare()
    const abort = new AbortController()
    const stopping = doorOf(store, (_, number, go) => {
      if (number === 0) abort.abort(new Error('enough'))
      return go()
    })
    const { error, last } = await take(path, stopping, null, abort.signal)
    expect(error).toMatchObject({ message: 'enough' })
    expect(last?.tally.records.added).toBe(countOf(store))
    expect(countOf(store)).toBeLessThan(records.length)
    await take(path, doorOf(store), last)
    expect(countOf(store)).toBe(records.length)
  })

  it('holds back while the door is busy', async () => {
    const { path } = await writeSmallArchive(makeTempDir(), SEVERAL)
    const store = new TestSquare()
    let atOnce = 0
    let most = 0
    const slow = doorOf(store, async (_, __, go) => {
      most = Math.max(most, ++atOnce)
      // The next batch is read in a few turns of the loop.
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
      atOnce--
      return go()
    })
    await take(path, slow)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(3)
  })
})

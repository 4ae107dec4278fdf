import { cpSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EMPTY_TALLY } from '../../../core/archive/archive-import.ts'
import { packBytes } from '../../../core/node/square-calls.ts'
import { makeCorpus } from '../../harness/corpus.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

const CUTS = 12
const BATCH = 25

/** Takes records in with a place behind each batch: its offset is the number of records before it. */
function fill(store: TestSquare): number {
  const { operations, records } = makeCorpus({ authors: 3, posts: 110, seed: 9 })
  store.square.ingest(packBytes(operations), packBytes([]), { kind: 'import' })
  for (let at = 0; at < records.length; at += BATCH) {
    const batch = records.slice(at, at + BATCH)
    store.square.ingest(packBytes([]), packBytes(batch), { kind: 'import' })
    store.square.setImportPlace({ file: 'f', offset: at + batch.length, tally: EMPTY_TALLY })
  }
  return records.length
}

/** The same files after a power cut: the end of the write-ahead log of square.db never reached the disk. */
function afterPowerCut(dataDir: string, share: number): { place: number; records: number } {
  const copy = makeTempDir()
  cpSync(dataDir, copy, { recursive: true })
  const log = join(copy, 'square.db-wal')
  truncateSync(log, Math.floor(share * statSync(log).size))
  const store = new TestSquare({ dataDir: copy })
  const found = { place: store.square.getImportPlace()?.offset ?? 0, records: store.square.stats().records }
  store.close()
  return found
}

describe('the place of an import', () => {
  it('is forgotten when it is said so', () => {
    const { square } = new TestSquare()
    expect(square.getImportPlace()).toBeNull()
    const place = { file: 'f', offset: 7, tally: EMPTY_TALLY }
    square.setImportPlace(place)
    expect(square.getImportPlace()).toEqual(place)
    square.setImportPlace(null)
    expect(square.getImportPlace()).toBeNull()
  })

  it('never stands ahead of the records, wherever a power cut ends the log of the store', () => {
    const store = new TestSquare()
    const all = fill(store)
    const found = Array.from({ length: CUTS }, (_, i) => afterPowerCut(store.dataDir, (i + 0.5) / CUTS))
    for (const { place, records } of found) expect(records).toBeGreaterThanOrEqual(place)
    // The control: a place that survives by itself, as in another file, would stand ahead.
    const surviving = store.square.getImportPlace()?.offset
    expect(surviving).toBe(all)
    expect(found.some(({ records }) => records < all)).toBe(true)
    expect(found.some(({ place }) => place > 0 && place < all)).toBe(true)
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ArchiveExport, type ExportTally } from '../../../core/archive/archive-export.ts'
import { ArchiveWriter } from '../../../core/archive/archive-writer.ts'
import type { LogReader } from '../../../core/store/log-reader.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { ARCHIVE_NETWORK, readBack } from '../../harness/archives.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** More than one page of the store. */
const LONG = 'x'.repeat(2_900)
const POSTS = 500

/** The reading side of a store in this thread. */
function readerOf({ square }: TestSquare): Pick<LogReader, 'listAuthors' | 'listHeld' | 'listOperations' | 'readLog'> {
  return {
    listAuthors: async (after, limit) => square.listAuthors(after, limit),
    listHeld: async (authors) => square.listHeld(authors),
    listOperations: async (authors) => square.listOperations(authors),
    readLog: async (...args) => square.readLog(...args),
  }
}

async function exportOf(
  store: TestSquare,
  authors: readonly Uint8Array[] | null,
  signal = new AbortController().signal,
) {
  const path = join(makeTempDir(), 'all.car')
  const writer = await ArchiveWriter.create({ path, network: ARCHIVE_NETWORK })
  const tallies: ExportTally[] = []
  await new ArchiveExport(
    { reader: readerOf(store), writer },
    { authors, onWritten: (tally) => void tallies.push(tally) },
  ).run({ signal })
  await writer.finish()
  return { back: await readBack(path), tallies }
}

const namesOf = (wires: readonly Uint8Array[]) => wires.map(toHex).sort()

describe('ArchiveExport', () => {
  it('writes every record of everybody as it travels, in pages, and the chain before them (ARC4)', async () => {
    const store = new TestSquare({ role: 'seed' })
    const [ada, ben] = [new TestAuthor('ada'), new TestAuthor('ben')]
    for (let i = 0; i < POSTS; i++) ada.post(`${i} ${LONG}`)
    ben.post('once')
    store.ingestAll(ada, ben)
    const { back, tallies } = await exportOf(store, null)
    expect(back.error).toBeNull()
    expect(namesOf(back.operations)).toEqual(namesOf([ada.genesis, ben.genesis]))
    expect(namesOf(back.records)).toEqual(namesOf([...ada.records, ...ben.records].map(({ bytes }) => bytes)))
    expect(tallies.at(-1)).toMatchObject({ authors: 2, operations: 2, records: POSTS + 1 })
    expect(tallies.filter(({ records }) => records > 0).length).toBeGreaterThan(2)
  })

  it('writes the records of those alone who are asked for, and what another store takes in whole', async () => {
    const store = new TestSquare({ role: 'seed' })
    const [ada, ben] = [new TestAuthor('ada'), new TestAuthor('ben')]
    for (const text of ['one', 'two', 'three']) ada.post(text)
    ben.post('once')
    store.ingestAll(ada, ben)
    const { back } = await exportOf(store, [ada.address])
    const other = new TestSquare({ role: 'seed' })
    other.ingest({ operations: back.operations, records: back.records.map((bytes) => ({ bytes })) })
    expect(other.square.stats()).toMatchObject({ records: 3, authors: 1 })
    expect(other.square.listHeld([ada.address])).toEqual(store.square.listHeld([ada.address]))
  })

  it('ends between two pages when it is called off', async () => {
    const store = new TestSquare({ role: 'seed' })
    const ada = new TestAuthor('ada')
    ada.post('one')
    store.ingestAll(ada)
    await expect(exportOf(store, null, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})

import { describe, expect, it } from 'vitest'
import { KIND } from '../../../core/record/kinds/kind-table.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { TestAuthor } from '../../harness/authors.ts'
import {
  findInFiles,
  fingerprint,
  type Holding,
  holdingOf,
  listDeletedTexts,
  listFaults,
  type Written,
} from '../../harness/set-checker.ts'
import { TestSquare } from '../../harness/test-square.ts'

const write = (id: string, kind: number, text: string | null, subject: string | null): Written => {
  return { id, author: 'ana', kind, text, subject }
}
const WRITTEN = [
  write('p1', KIND.post, 'first', null),
  write('p2', KIND.post, 'second', null),
  write('e1', KIND.edit, 'first, again', 'p1'),
  write('e2', KIND.edit, 'second, again', 'p2'),
  write('r1', KIND.reaction, null, 'p1'),
  write('d2', KIND.delete, null, 'p2'),
]

/** A node that has everything, but for these. */
function node(change: Partial<Holding> & { readonly but?: Record<string, boolean | undefined> } = {}): Holding {
  const held = new Map([...WRITTEN.map(({ id }): [string, boolean] => [id, id !== 'p2' && id !== 'e2'])])
  for (const [id, hasBody] of Object.entries(change.but ?? {})) {
    if (hasBody === undefined) held.delete(id)
    else held.set(id, hasBody)
  }
  const shown = (id: string) => (id === 'p1' ? 'first, again' : null)
  return { name: 'node', wanted: new Set(['ana']), held, shown, ...change }
}

describe('listFaults', () => {
  it('finds nothing where everything is there or gone by a deletion', () => {
    expect(listFaults(WRITTEN, node())).toEqual([])
  })

  it('finds what is missing, be it a post, a reaction or a deletion', () => {
    for (const id of ['p1', 'p2', 'e1', 'r1', 'd2']) {
      expect(listFaults(WRITTEN, node({ but: { [id]: undefined } }))).toEqual([
        expect.stringMatching(`${id} of ana is missing`),
      ])
    }
  })

  it('finds a body that came back, also an edit of what was deleted, also where nobody wants the author', () => {
    for (const id of ['p2', 'e2']) {
      for (const wanted of [new Set(['ana']), new Set<string>()]) {
        expect(listFaults(WRITTEN, node({ wanted, but: { [id]: true } }))).toEqual([
          expect.stringMatching(`${id} of ana is here although it was deleted`),
        ])
      }
    }
  })

  it('finds a body that is gone without a deletion', () => {
    expect(listFaults(WRITTEN, node({ but: { r1: false } }))).toEqual([expect.stringMatching('r1 of ana has no body')])
  })

  it('finds an old text, one that is not shown, and one that is shown although it was deleted', () => {
    expect(listFaults(WRITTEN, node({ shown: (id) => (id === 'p1' ? 'first' : null) }))).toHaveLength(1)
    expect(listFaults(WRITTEN, node({ shown: () => null }))).toHaveLength(1)
    expect(listFaults(WRITTEN, node({ shown: () => 'first, again' }))).toHaveLength(1)
  })

  it('demands nothing of an author who is not wanted, nor what was not acknowledged', () => {
    expect(listFaults(WRITTEN, node({ wanted: new Set(), held: new Map() }))).toEqual([])
    expect(listFaults([], node({ held: new Map() }))).toEqual([])
  })
})

describe('a real store under the checker', () => {
  const ana = () => {
    const author = new TestAuthor('Ana')
    return { author, kept: author.post('this-stays-here'), gone: author.post('this-goes-away') }
  }
  const writtenOf = (author: TestAuthor): Written[] => {
    return author.records.map(({ id, header }, i) => {
      const text = ['this-stays-here', 'this-goes-away'][i] ?? null
      const subject = header.kind === KIND.delete ? toHex(author.records[1]?.id as Uint8Array) : null
      return { id: toHex(id), author: toHex(author.address), kind: header.kind, text, subject }
    })
  }

  it('has no fault with the deletion, and several without it', () => {
    const { author, gone } = ana()
    const [whole, late] = [author.address, author.address].map((pin) => new TestSquare({ pins: [pin] }))
    for (const test of [whole, late]) test?.ingestAll(author)
    author.delete(gone)
    whole?.ingestAll(author)
    const faults = [whole, late].map((test) =>
      listFaults(writtenOf(author), holdingOf('node', (test as TestSquare).square)),
    )
    expect(faults[0]).toEqual([])
    expect(faults[1]).toEqual([
      expect.stringMatching('is here although it was deleted'),
      expect.stringMatching('is missing'),
    ])
    const prints = [whole, late].map((test) => fingerprint((test as TestSquare).square, [author.address]))
    expect(prints[0]).not.toBe(prints[1])
  })

  it('finds a text in the files, and none that was deleted and purged', () => {
    const { author, gone, kept } = ana()
    const test = new TestSquare({ pins: [author.address] })
    test.ingestAll(author)
    expect(findInFiles(test.dataDir, ['this-goes-away'])).not.toEqual([])
    test.ingest({ records: [author.delete(gone)] })
    test.square.tick()
    expect(listDeletedTexts(writtenOf(author))).toEqual(['this-goes-away'])
    expect(findInFiles(test.dataDir, ['this-goes-away'])).toEqual([])
    expect(findInFiles(test.dataDir, ['this-stays-here'])).not.toEqual([])
    expect(kept.body).not.toBeNull()
  })
})

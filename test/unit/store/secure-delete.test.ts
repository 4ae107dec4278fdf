import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { KIND } from '../../../core/record/kinds/kind-table.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare, type TestSquareInit } from '../../harness/test-square.ts'

const POSTS = 400

/** Ends that no other word has: the index keeps only how a word differs from its neighbour. */
function word(i: number): string {
  return `w${(i * 7_919).toString(36)}q${(i * 104_729 + 1_679_616).toString(36)}`
}

/** Three characters that no other text has, as search takes them in. */
function gram(i: number): string {
  return String.fromCodePoint(0x4e00 + i * 7, 0x6000 + i * 3, 0x7000 + i * 5)
}

function findInFiles(dataDir: string, text: string): string[] {
  return readdirSync(dataDir).filter((name) => readFileSync(join(dataDir, name)).includes(text))
}

/** Own and others' posts, many of them, in an order that moves pages about; every third is deleted. */
function fillAndDelete(init: TestSquareInit = {}) {
  const ada = new TestAuthor('Ada')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ ...init, role: 'seed', me: ada })
  const text = (i: number) => `${word(i)} ${gram(i)} #t${word(i)} ${'and more to fill the page '.repeat(i % 60)}`
  const theirs = Array.from({ length: POSTS }, (_, i) => ben.post(text(i)))
  const mine = Array.from({ length: POSTS / 4 }, (_, i) => ada.post(text(POSTS + i)))
  const shuffled = theirs.map((post, i) => ({ post, at: (i * 163) % POSTS })).sort((a, b) => a.at - b.at)
  test.ingest({ operations: [ben.genesis] })
  for (let from = 0; from < POSTS; from += 64) {
    test.ingest({ records: shuffled.slice(from, from + 64).map(({ post }) => post) })
  }
  const published = test.square.publish(mine.map(({ body }) => ({ kind: KIND.post, body: body as Uint8Array })))
  test.ingest({ records: theirs.filter((_, i) => i % 3 === 0).map((post) => ben.delete(post)) })
  for (const { id } of published.filter((_, i) => (POSTS + i) % 3 === 0)) {
    const body = ada.delete({ ...(mine[0] as (typeof mine)[0]), id }).body as Uint8Array
    test.square.publish([{ kind: KIND.delete, body }])
  }
  // So many deletes in one day wait for three more.
  test.clock.advance(4 * 86_400_000)
  for (let turn = 0; turn < POSTS / 64; turn++) test.square.tick()
  const numbers = Array.from({ length: POSTS + POSTS / 4 }, (_, i) => i)
  const ends = (isDeleted: boolean) =>
    numbers.filter((i) => (i % 3 === 0) === isDeleted).flatMap((i) => [word(i).slice(-5), gram(i).slice(1)])
  return { test, theirs, deleted: ends(true), kept: ends(false) }
}

describe('deletion', () => {
  it('leaves no byte of the text in any file', () => {
    const { test, deleted, kept, theirs } = fillAndDelete()
    expect(deleted.flatMap((end) => findInFiles(test.dataDir, end))).toEqual([])
    for (const end of kept) expect(findInFiles(test.dataDir, end)).toContain('square.db')
    expect(test.square.search(word(3), { limit: 5 }).items).toEqual([])
    expect(test.square.search(word(4), { limit: 5 }).items).toHaveLength(1)
    expect(test.square.search(gram(3), { limit: 5 }).items).toEqual([])
    expect(test.square.search(gram(4), { limit: 5 }).items).toHaveLength(1)
    expect(test.square.tag(`t${word(3)}`, { limit: 5 }).items).toEqual([])
    expect(test.square.tag(`t${word(4)}`, { limit: 5 }).items).toHaveLength(1)
    const [first] = theirs
    expect(test.square.post(formatRecordId(first?.id as Uint8Array))).toMatchObject({ state: 'deleted', text: '' })
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('would leave bytes without secure deletion (control)', () => {
    const { test, deleted } = fillAndDelete({ isSecureDelete: false })
    expect(deleted.flatMap((end) => findInFiles(test.dataDir, end)).length).toBeGreaterThan(0)
  })
})

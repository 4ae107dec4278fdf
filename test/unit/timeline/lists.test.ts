import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeList, encodeListMember, KIND } from '../../../core/record/kinds/kind-table.ts'
import { DecisionTable } from '../../../core/store/decision-table.ts'
import { type PageKey, PostQueries, type PostRow } from '../../../core/store/post-queries.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { createSquareTables } from '../../../core/store/square-tables.ts'
import { compareBytes, equalBytes, toHex } from '../../../core/util/bytes.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { SeededChoice } from '../../harness/seeded-random.ts'
import { TestSquare } from '../../harness/test-square.ts'

const LIST = Uint8Array.from({ length: 16 }, (_, i) => 240 + i)

describe('the timeline of a list', () => {
  it('has the posts of its members, newest first, page by page (REC16)', () => {
    const owner = new TestAuthor('Owner')
    const members = ['Ada', 'Ben', 'Cleo'].map((name) => new TestAuthor(name))
    const stranger = new TestAuthor('Stranger')
    const test = new TestSquare({ role: 'seed' })
    const list = (on: boolean) =>
      owner.sign(KIND.list, encodeList({ salt: owner.salt(), list: LIST, name: 'Village', purpose: 'people', on }))
    const member = (who: TestAuthor, on: boolean) => {
      const subject = { address: who.address, genesis: who.genesisHash.slice(0, 8) }
      return owner.sign(KIND.listMember, encodeListMember({ salt: owner.salt(), list: LIST, subject, on }))
    }
    list(true)
    for (const who of members) member(who, true)
    const said = Array.from({ length: 40 }, (_, i) => {
      const who = members[i % 7 === 0 ? 1 : i < 30 ? 0 : 2] as TestAuthor
      return who.post(`post ${i}`, { ts: TEST_EPOCH_MS + 10_000 + i })
    })
    stranger.post('not on it')
    test.ingestAll(owner, ...members, stranger)
    const read = (limit: number) => {
      const texts: string[] = []
      let cursor: string | null | undefined
      do {
        const page = test.square.list(owner.profile, toHex(LIST), { limit, cursor: cursor ?? undefined })
        texts.push(...page.items.map(({ text }) => text))
        cursor = page.cursor
      } while (cursor !== null)
      return texts
    }
    const newestFirst = said.map((_, i) => `post ${i}`).reverse()
    for (const limit of [3, 50]) expect(read(limit)).toEqual(newestFirst)
    test.ingest({ records: [member(members[0] as TestAuthor, false)] })
    expect(read(50)).toEqual(newestFirst.filter((text) => ['1', '2'].includes(whose(text))))
    test.ingest({ records: [list(false)] })
    expect(read(50)).toEqual([])
    expect(() => test.square.list(owner.profile, 'ff', { limit: 1 })).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    )
  })
})

describe('PostQueries.ofAuthors', () => {
  it('gives what all of their posts in one order would, also of many at the same time, and not what is hidden', () => {
    const choice = new SeededChoice(3)
    const authors = Array.from({ length: 24 }, (_, i) => new TestAuthor(`Author ${i}`))
    const test = new TestSquare({ role: 'seed' })
    const said = Array.from({ length: 150 }, (_, i) => {
      const ts = TEST_EPOCH_MS + 10_000 + (i >> 4)
      return { record: choice.pick(authors.slice(2)).post(`post ${i}`, { ts }), ts }
    })
    test.ingestAll(...authors)
    const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    onTestFinished(() => square.close())
    const decisions = new DecisionTable(square.db)
    const about = { source: 'me', effect: 'hide', reason: 'mine', decidedMs: 1 } as const
    const silenced = said[149]?.record.header.author as Uint8Array
    decisions.put({ ...about, scope: 'author', subject: silenced })
    const hidden = said.slice(140, 149).map(({ record }) => record.id)
    for (const subject of hidden) decisions.put({ ...about, scope: 'record', subject })
    const seen = said.filter(({ record }) => {
      return !equalBytes(record.header.author, silenced) && !hidden.some((id) => equalBytes(id, record.id))
    })
    const newestFirst = seen.sort((a, b) => b.ts - a.ts || compareBytes(b.record.id, a.record.id))
    const { identities } = createSquareTables(square)
    const ids = authors.map(({ address }) => identities.findAuthor(address) ?? 0)
    const posts = new PostQueries(square)
    for (const limit of [1, 3, 7, 50, 200]) {
      const read: string[] = []
      let after: PageKey | null = null
      for (;;) {
        const page: readonly PostRow[] = posts.ofAuthors(ids, after, limit)
        read.push(...page.map(({ id }) => toHex(id)))
        if (page.length < limit) break
        after = page.at(-1) ?? null
      }
      expect(read, `pages of ${limit}`).toEqual(newestFirst.map(({ record }) => toHex(record.id)))
    }
  })
})

function whose(text: string): string {
  const i = Number(text.split(' ')[1])
  return i % 7 === 0 ? '1' : i < 30 ? '0' : '2'
}

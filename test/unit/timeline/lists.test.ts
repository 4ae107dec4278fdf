import { describe, expect, it } from 'vitest'
import { encodeList, encodeListMember, KIND } from '../../../core/record/kinds/kind-table.ts'
import { toHex } from '../../../core/util/bytes.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
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

function whose(text: string): string {
  const i = Number(text.split(' ')[1])
  return i % 7 === 0 ? '1' : i < 30 ? '0' : '2'
}

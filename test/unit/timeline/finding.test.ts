import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { PostPage } from '../../../core/contract/views.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const texts = (page: PostPage) => page.items.map(({ text }) => text)

function village() {
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ role: 'seed', me: new TestAuthor('Me') })
  test.ingest({ operations: [ben.genesis] })
  const find = (text: string) => texts(test.square.search(text, { limit: 9 }))
  const tagged = (tag: string) => texts(test.square.tag(tag, { limit: 9 }))
  return { ben, test, find, tagged }
}

describe('search', () => {
  it('finds any stretch of a script without spaces, from one character on', () => {
    const { ben, test, find } = village()
    const chinese = '今天天气很好'
    const both = 'weather: 天气不好'
    test.ingest({ records: [ben.post(chinese), ben.post(both), ben.post('สวัสดีครับ'), ben.post('ハロー、世界')] })
    for (const part of ['天', '天气']) expect(find(part)).toEqual([both, chinese])
    for (const part of ['好', '很好', '天天气', '今天天气很好']) expect(find(part), part).toContain(chinese)
    for (const part of ['天很', '好天', '气天']) expect(find(part), part).toEqual([])
    expect(find('weather 天气')).toEqual([both])
    expect(find('สวัส')).toEqual(['สวัสดีครับ'])
    for (const part of ['世界', 'ハロ', 'ﾊﾛｰ']) expect(find(part), part).toEqual(['ハロー、世界'])
    expect(find('ハロー世界')).toEqual([])
  })

  it('goes newest first by the time of the post, whatever the order in which they came', () => {
    const { ben, test } = village()
    const cleo = new TestAuthor('Cleo')
    const posts = Array.from({ length: 12 }, (_, i) =>
      (i % 2 ? ben : cleo).post(`tree ${i}`, { ts: TEST_EPOCH_MS + i * 5_000 }),
    )
    test.ingest({ operations: [cleo.genesis], records: posts.toSorted((a, b) => (a.id[0] ?? 0) - (b.id[0] ?? 0)) })
    const found: string[] = []
    let cursor: string | null | undefined
    do {
      const page = test.square.search('tree', { cursor: cursor ?? undefined, limit: 5 })
      found.push(...texts(page))
      cursor = page.cursor
    } while (cursor !== null)
    expect(found).toEqual(posts.map((_, i) => `tree ${i}`).reverse())
  })

  it('follows a post whose place in time a late predecessor moves', () => {
    const { ben, test, find, tagged } = village()
    const first = ben.post('first #tree', { ts: TEST_EPOCH_MS + 3_600_000 })
    const second = ben.post('second #tree 天气', { ts: TEST_EPOCH_MS })
    const cleo = new TestAuthor('Cleo')
    const between = cleo.post('between #tree 天气', { ts: TEST_EPOCH_MS + 1_800_000 })
    test.ingest({ operations: [cleo.genesis], records: [second, between] })
    expect(find('tree')[0]).toBe('between #tree 天气')
    test.ingest({ records: [first] })
    expect(find('tree').at(-1)).toBe('between #tree 天气')
    expect(tagged('tree')).toEqual(find('tree'))
    expect(find('天气')).toEqual(['second #tree 天气', 'between #tree 天气'])
    expect(test.square.integrityCheck()).toEqual([])
  })

  it('finds what an edit says and not what it replaced, and nothing of a deleted post', () => {
    const { ben, test, find, tagged } = village()
    const post = ben.post('天气 #before')
    test.ingest({ records: [post, ben.edit(post, '面包 #after')] })
    expect([find('天气'), find('before'), tagged('before')]).toEqual([[], [], []])
    expect([find('面包'), find('after'), tagged('after')]).toEqual(Array(3).fill(['面包 #after']))
    test.ingest({ records: [ben.delete(post)] })
    expect([find('面包'), find('after'), tagged('after')]).toEqual([[], [], []])
    expect(test.square.integrityCheck()).toEqual([])
  })
})

describe('what a post counts', () => {
  it('is the same when answers, reactions and reposts come before it, and when it comes back', () => {
    const { ben, test } = village()
    const cleo = new TestAuthor('Cleo')
    const post = ben.post('under the tree')
    const other = ben.post('elsewhere')
    const about = [
      cleo.reply(post, 'one'),
      cleo.reply(post, 'two'),
      cleo.react(post),
      cleo.repost(post),
      cleo.react(other),
    ]
    test.ingest({ operations: [cleo.genesis], records: about })
    test.ingest({ records: [post, other] })
    const counts = (record: typeof post) => test.square.post(formatRecordId(record.id))?.counts
    expect(counts(post)).toEqual({ replies: 2, reposts: 1, reactions: 1 })
    expect(counts(other)).toEqual({ replies: 0, reposts: 0, reactions: 1 })
    test.ingest({ records: [cleo.delete(about[0] as typeof post), cleo.react(post, null), cleo.repost(post, false)] })
    expect(counts(post)).toEqual({ replies: 1, reposts: 0, reactions: 0 })
    test.ingest({ records: [cleo.react(post, '🌳'), ben.delete(post)] })
    expect(counts(post)).toEqual({ replies: 1, reposts: 0, reactions: 1 })
  })
})

describe('tag', () => {
  it('pages newest first through posts with a tag, whatever its case, accents and sign', () => {
    const { ben, test, tagged } = village()
    test.ingest({ records: [ben.post('one #Été'), ben.post('two #ete'), ben.post('three ete'), ben.post('four #ÉTÉ')] })
    for (const tag of ['#été', 'ETE', '＃Ete']) expect(tagged(tag)).toEqual(['four #ÉTÉ', 'two #ete', 'one #Été'])
    const first = test.square.tag('ete', { limit: 2 })
    expect(texts(test.square.tag('ete', { limit: 2, cursor: first.cursor ?? undefined }))).toEqual(['one #Été'])
  })
})

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PostPage } from '../../../core/contract/views.ts'
import { formatPeerId } from '../../../core/identity/peer-id.ts'
import { type FilteredPage, FilteredSearch, type PostFilter } from '../../../core/store/filtered-search.ts'
import type { PageKey } from '../../../core/store/post-queries.ts'
import type { SearchQuery } from '../../../core/timeline/reader.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { putPicture } from '../../harness/stored-pictures.ts'
import { TestSquare } from '../../harness/test-square.ts'

const HOUR_MS = 3_600_000
const at = (hour: number) => TEST_EPOCH_MS + hour * HOUR_MS
const texts = (page: PostPage) => page.items.map(({ text }) => text)

function village() {
  const [ben, cleo] = [new TestAuthor('Ben'), new TestAuthor('Cleo')]
  const test = new TestSquare({ role: 'seed', me: new TestAuthor('Me') })
  test.ingest({ operations: [ben.genesis, cleo.genesis] })
  const find = (text: string, query: Partial<SearchQuery> = {}) =>
    texts(test.square.search(text, { limit: 50, ...query }))
  return { ben, cleo, test, find, by: (author: TestAuthor) => formatPeerId(author.address) }
}

/** Every page to the end. */
function readAll(test: TestSquare, text: string, query: Partial<SearchQuery>): string[] {
  const found: string[] = []
  let cursor: string | null | undefined
  do {
    const page = test.square.search(text, { limit: 3, ...query, cursor: cursor ?? undefined })
    found.push(...texts(page))
    cursor = page.cursor
  } while (cursor !== null)
  return found
}

describe('search with filters', () => {
  it('finds by author and time, with words and without', () => {
    const { ben, cleo, test, find, by } = village()
    test.ingest({
      records: [
        ben.post('tree one', { ts: at(1) }),
        cleo.post('tree two', { ts: at(2) }),
        ben.post('bread three', { ts: at(3) }),
        ben.post('tree 天气 four', { ts: at(4) }),
      ],
    })
    expect(find('tree', { author: by(ben) })).toEqual(['tree 天气 four', 'tree one'])
    expect(find('', { author: by(ben) })).toEqual(['tree 天气 four', 'bread three', 'tree one'])
    expect(find('tree 天气', { author: by(ben) })).toEqual(['tree 天气 four'])
    expect(find('天气', { author: by(cleo) })).toEqual([])
    expect(find('tree', { since: at(2) })).toEqual(['tree 天气 four', 'tree two'])
    expect(find('tree', { until: at(2) })).toEqual(['tree one'])
    expect(find('', { since: at(2), until: at(4) })).toEqual(['bread three', 'tree two'])
    expect(find('', { since: at(2) + 1, until: at(3) })).toEqual([])
  })

  it('finds posts that show pictures, and not those whose pictures an edit took out', () => {
    const { ben, test, find, by } = village()
    const entry = putPicture(test.square, 1)
    const [shown, bare] = [ben.post('tree shown', { media: [entry] }), ben.post('tree bare', { media: [entry] })]
    test.ingest({ records: [ben.post('tree'), shown, bare, ben.edit(bare, 'tree bare now')] })
    for (const query of [{}, { author: by(ben) }, { since: 0 }])
      for (const text of ['', 'tree']) expect(find(text, { media: true, ...query }), text).toEqual(['tree shown'])
  })

  it('finds nothing by nothing, by a text without words, or of somebody who isn’t known', () => {
    const { ben, cleo, test, find, by } = village()
    test.ingest({ records: [ben.post('tree')] })
    expect([find(''), find('', { media: false }), find('?!', { author: by(ben) })]).toEqual([[], [], []])
    expect(find('tree', { author: by(new TestAuthor('Nobody')) })).toEqual([])
    expect(find('', { author: by(cleo) })).toEqual([])
  })

  it('leaves out what was deleted', () => {
    const { ben, test, find, by } = village()
    const post = ben.post('tree')
    test.ingest({ records: [post, ben.post('tree stays')] })
    test.ingest({ records: [ben.delete(post)] })
    expect(find('', { author: by(ben) })).toEqual(['tree stays'])
    expect(find('', { since: 0 })).toEqual(['tree stays'])
  })

  it('pages through everything once, also where many posts stand in one step of the index', () => {
    const { ben, cleo, test, by } = village()
    const posts = Array.from({ length: 24 }, (_, i) =>
      (i % 3 === 0 ? cleo : ben).post(`tree ${i}`, { ts: at(1) + Math.floor(i / 8) * 60_000 }),
    )
    test.ingest({ records: posts })
    const all = posts.map((_, i) => `tree ${i}`)
    const ofBen = all.filter((_, i) => i % 3 !== 0)
    for (const text of ['tree', '']) {
      expect(readAll(test, text, { since: 0 }).toSorted()).toEqual(all.toSorted())
      expect(readAll(test, text, { author: by(ben) }).toSorted()).toEqual(ofBen.toSorted())
    }
  })

  it('looks at a bounded number of posts for a page, and goes on where it stopped', () => {
    const { ben, cleo, test } = village()
    const entry = putPicture(test.square, 1)
    const posts = Array.from({ length: 40 }, (_, i) =>
      (i % 20 === 7 ? cleo : ben).post(`tree ${i}`, {
        ts: at(1) + i * 60_000,
        ...(i % 20 === 7 && { media: [entry] }),
      }),
    )
    test.ingest({ records: posts })
    const db = new DatabaseSync(join(test.dataDir, 'square.db'), { readOnly: true })
    onTestFinished(() => db.close())
    const authorIds = db
      .prepare('SELECT author_id FROM record WHERE kind = 1 GROUP BY author_id ORDER BY count(*)')
      .all()
    const [cleoId, benId] = authorIds.map((row) => row.author_id as number)
    const tree = { words: '"tree"', grams: null }
    const pagesOf = (search: FilteredSearch, sought: typeof tree | null, filter: Partial<PostFilter>) => {
      const pages: number[] = []
      let end: PageKey | null = null
      do {
        const page: FilteredPage = search.search(sought, { hasMedia: false, ...filter }, end, 50)
        pages.push(page.rows.length)
        end = page.end
      } while (end !== null)
      return pages
    }
    const total = (pages: number[]) => pages.reduce((sum, count) => sum + count, 0)
    const bounded = new FilteredSearch({ db }, { ofIndex: 8, ofAuthor: 8 })
    const narrow = new FilteredSearch({ db }, { ofIndex: 0, ofAuthor: 1 })
    // No page gets stuck in a step of the index that has more than it may look at.
    expect(total(pagesOf(narrow, tree, { hasMedia: true }))).toBe(2)
    for (const sought of [tree, null]) {
      const pictures = pagesOf(bounded, sought, { hasMedia: true })
      expect([pictures.length >= 4, total(pictures)]).toEqual([true, 2])
      const own = pagesOf(bounded, sought, { authorId: benId })
      expect([own.length >= 4, total(own)]).toEqual([true, 38])
      expect(total(pagesOf(bounded, sought, { authorId: cleoId, hasMedia: true }))).toBe(2)
      expect(pagesOf(new FilteredSearch({ db }), sought, { hasMedia: true })).toEqual([2])
    }
  })
})

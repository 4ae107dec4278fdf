import { comparePlaces } from './merge-newest.ts'
import { MAX_SORT_MS, SEARCH_BELOW, SEARCH_STEP_BITS } from './post-index.ts'
import {
  type PageKey,
  POST_COLUMNS,
  type PostRow,
  type PostValues,
  prepareRows,
  START,
  toPost,
} from './post-queries.ts'
import type { SearchExpressions } from './search-text.ts'
import type { SquareDatabase } from './square-database.ts'
import { WordSplitter } from './word-splitter.ts'

/** Posts that have the words of a query, newest first, among which its grams are looked for where it has both. */
const MAX_WORD_HITS = 20_000

/**
 * Posts by what they say, newest first by keyset: the index gives its hits back in the order of their places, so a page
 * reads as many of them as it shows, however many there are. Nothing is ranked.
 */
export class SearchQueries {
  readonly #words
  readonly #grams
  readonly #both
  readonly #splitter = new WordSplitter()

  constructor(square: SquareDatabase) {
    const { db } = square
    const hits = (table: 'post_search' | 'post_gram', condition = '') =>
      prepareRows(
        db,
        `SELECT ${POST_COLUMNS} FROM ${table} CROSS JOIN search_place ON search_place.search_key = ${table}.rowid
         CROSS JOIN visible_post ON visible_post.record_key = search_place.record_key
         WHERE ${table} MATCH ? AND ${table}.rowid < ${SEARCH_BELOW} ${condition} ORDER BY ${table}.rowid DESC`,
      )
    this.#words = hits('post_search')
    this.#grams = hits('post_gram')
    this.#both = hits(
      'post_gram',
      `AND post_gram.rowid IN (SELECT post_search.rowid FROM post_search WHERE post_search MATCH ?
         AND post_search.rowid < ${SEARCH_BELOW} ORDER BY post_search.rowid DESC LIMIT ${MAX_WORD_HITS})`,
    )
  }

  /** The words of a text as the index has them. */
  wordsOf(text: string): string[] {
    return this.#splitter.split(text)
  }

  search({ words, grams }: SearchExpressions, after: PageKey | null, limit: number): PostRow[] {
    const from = after ?? START
    const sortMs = Math.min(from.sortMs, MAX_SORT_MS)
    if (words === null) return grams === null ? [] : pageOf(this.#grams.iterate(grams, sortMs), from, limit)
    if (grams === null) return pageOf(this.#words.iterate(words, sortMs), from, limit)
    return pageOf(this.#both.iterate(grams, sortMs, words, sortMs), from, limit)
  }
}

/** Within a step of the index the order is settled here: its rows are read to the end of the step that fills the page. */
function pageOf(rows: Iterable<unknown>, from: PageKey, limit: number): PostRow[] {
  const page: PostRow[] = []
  let step = -1
  for (const row of rows) {
    const post = toPost(row as PostValues)
    const itsStep = Math.floor(post.sortMs / 2 ** SEARCH_STEP_BITS)
    if (itsStep !== step && page.length >= limit) break
    step = itsStep
    if (comparePlaces(post, from) < 0) page.push(post)
  }
  return page.sort((a, b) => comparePlaces(b, a)).slice(0, limit)
}

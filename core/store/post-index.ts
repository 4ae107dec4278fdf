import type { DatabaseSync } from 'node:sqlite'
import type { PostContent } from '../record/kinds/post-content.ts'
import { indexedText } from './search-text.ts'
import { tagsOf } from './tags.ts'

/**
 * A step of the index is four seconds of sort time, with numbers for 16,384 posts. More than that, which only somebody
 * makes who signs one time over and over, go on into the numbers of the next step. Small keys make a small index.
 */
export const SEARCH_STEP_BITS = 12
export const SEARCH_BITS = 14
/** The last that a search key can say; what a broken clock says of later stands there. */
export const MAX_SORT_MS = 2 ** 48

/** A post as the indexes know it. */
export interface IndexedPost {
  readonly recordKey: number
  readonly id: Uint8Array
  readonly sortMs: number
}

/**
 * By what posts are found: words, grams and tags. In the search indexes a post stands under its search key, in the order
 * of sort times. They hold no text: what is taken out must be what was put in, so whoever changes what a post says, or its
 * time, calls `remove` with what it said.
 */
export class PostIndex {
  readonly #place
  readonly #words
  readonly #grams
  readonly #dropWords
  readonly #dropGrams
  readonly #tag
  readonly #dropTags

  constructor(db: DatabaseSync) {
    const start = `((?1 >> ${SEARCH_STEP_BITS}) << ${SEARCH_BITS})`
    const end = `(((?1 >> ${SEARCH_STEP_BITS}) + 1) << ${SEARCH_BITS})`
    this.#place = db.prepare(
      `UPDATE post SET search_key = (SELECT coalesce(max(other.search_key) + 1, ${start}) FROM post AS other
         WHERE other.search_key >= ${start} AND other.search_key < ${end}) WHERE record_key = ?2`,
    )
    const put = (table: string, column: string) =>
      db.prepare(`INSERT INTO ${table} (rowid, ${column}) SELECT search_key, ? FROM post WHERE record_key = ?`)
    const drop = (table: string, column: string) =>
      db.prepare(
        `INSERT INTO ${table} (${table}, rowid, ${column}) SELECT 'delete', search_key, ? FROM post WHERE record_key = ?`,
      )
    this.#words = put('post_search', 'text')
    this.#grams = put('post_gram', 'grams')
    this.#dropWords = drop('post_search', 'text')
    this.#dropGrams = drop('post_gram', 'grams')
    this.#tag = db.prepare('INSERT OR IGNORE INTO post_tag (tag, sort_ms, id, record_key) VALUES (?, ?, ?, ?)')
    this.#dropTags = db.prepare('DELETE FROM post_tag WHERE record_key = ?')
  }

  /** Puts in a post that isn't there. */
  add({ recordKey, id, sortMs }: IndexedPost, content: PostContent): void {
    this.#place.run(Math.min(sortMs, MAX_SORT_MS), recordKey)
    const { words, grams } = indexedText(content.text)
    this.#words.run(words, recordKey)
    if (grams !== '') this.#grams.run(grams, recordKey)
    for (const tag of tagsOf(content)) this.#tag.run(tag, sortMs, id, recordKey)
  }

  /** Takes a post out, with what it said when it was put in. */
  remove(recordKey: number, content: PostContent): void {
    const { words, grams } = indexedText(content.text)
    this.#dropWords.run(words, recordKey)
    if (grams !== '') this.#dropGrams.run(grams, recordKey)
    this.#dropTags.run(recordKey)
  }
}

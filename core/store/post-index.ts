import type { PostContent } from '../record/kinds/post-content.ts'
import { createSearchWriter, SearchQueue } from './search-queue.ts'
import { indexedText } from './search-text.ts'
import type { SquareDatabase } from './square-database.ts'
import { tagsOf } from './tags.ts'

/**
 * A step of the index is four seconds of sort time, with numbers for 16,384 posts. More than that, which only somebody
 * makes who signs one time over and over, go on into the numbers of the next step. Small keys make a small index.
 */
export const SEARCH_STEP_BITS = 12
export const SEARCH_BITS = 14
/** The last that a search key can say; what a broken clock says of later stands there. */
export const MAX_SORT_MS = 2 ** 48

/** SQL for the search keys of a stretch of time, each of one moment: from its step on, and up to its step. */
export const SEARCH_FROM = `((? >> ${SEARCH_STEP_BITS}) << ${SEARCH_BITS})`
export const SEARCH_BELOW = `(((? >> ${SEARCH_STEP_BITS}) + 1) << ${SEARCH_BITS})`

/** A post as the indexes know it. */
export interface IndexedPost {
  readonly recordKey: number
  readonly id: Uint8Array
  readonly sortMs: number
}

/** Hears what posts say, within the transaction that indexes them. */
export interface PostWatch {
  /** A post says this now. */
  said(post: Pick<IndexedPost, 'recordKey' | 'id'>, content: PostContent): void
  /** It doesn't say any more what it said. */
  unsaid(id: Uint8Array): void
}

/**
 * By what posts are found: words, grams and tags. In the search indexes a post stands under its search key, in the order
 * of sort times. They hold no text: what is taken out must be what was put in, so whoever changes what a post says, or its
 * time, calls `remove` with what it said.
 */
export class PostIndex {
  readonly #words: SearchQueue
  readonly #grams: SearchQueue
  readonly #place
  readonly #key
  readonly #tag
  readonly #dropTags
  #watch: PostWatch | null = null

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>) {
    const { db } = square
    this.#words = new SearchQueue(square, createSearchWriter(square, 'post_search', 'text'))
    this.#grams = new SearchQueue(square, createSearchWriter(square, 'post_gram', 'grams'))
    const start = `((?1 >> ${SEARCH_STEP_BITS}) << ${SEARCH_BITS})`
    const end = `(((?1 >> ${SEARCH_STEP_BITS}) + 1) << ${SEARCH_BITS})`
    this.#place = db.prepare(
      `UPDATE post SET search_key = (SELECT coalesce(max(other.search_key) + 1, ${start}) FROM post AS other
         WHERE other.search_key >= ${start} AND other.search_key < ${end}) WHERE record_key = ?2 RETURNING search_key`,
    )
    this.#key = db.prepare('SELECT search_key FROM post WHERE record_key = ?')
    this.#tag = db.prepare('INSERT OR IGNORE INTO post_tag (tag, sort_ms, id, record_key) VALUES (?, ?, ?, ?)')
    this.#dropTags = db.prepare('DELETE FROM post_tag WHERE record_key = ?')
  }

  /** From now on this one hears of every change. */
  setWatch(watch: PostWatch): void {
    this.#watch = watch
  }

  /** Puts in a post that isn't there. */
  add({ recordKey, id, sortMs }: IndexedPost, content: PostContent): void {
    const key = Number(this.#place.get(Math.min(sortMs, MAX_SORT_MS), recordKey)?.search_key)
    const { words, grams } = indexedText(content.text)
    this.#words.add(key, words)
    if (grams !== '') this.#grams.add(key, grams)
    for (const tag of tagsOf(content)) this.#tag.run(tag, sortMs, id, recordKey)
    this.#watch?.said({ recordKey, id }, content)
  }

  /** Takes a post out, with what it said when it was put in. */
  remove({ recordKey, id }: Pick<IndexedPost, 'recordKey' | 'id'>, content: PostContent): void {
    this.#watch?.unsaid(id)
    const key = this.#key.get(recordKey)?.search_key
    if (typeof key !== 'number') return
    const { words, grams } = indexedText(content.text)
    this.#words.drop(key, words)
    if (grams !== '') this.#grams.drop(key, grams)
    this.#dropTags.run(recordKey)
  }
}

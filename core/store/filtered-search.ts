import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { comparePlaces } from './merge-newest.ts'
import { MAX_SORT_MS, SEARCH_BELOW, SEARCH_BITS, SEARCH_FROM, SEARCH_STEP_BITS } from './post-index.ts'
import {
  type PageKey,
  POST_COLUMNS,
  type PostRow,
  type PostValues,
  prepareRows,
  rowsOf,
  START,
  toPost,
} from './post-queries.ts'
import type { SearchExpressions } from './search-text.ts'
import type { SquareDatabase } from './square-database.ts'

/** What a post must be besides what it says. Times are those at which posts stand, milliseconds since 1970. */
export interface PostFilter {
  readonly authorId?: number | undefined
  readonly sinceMs?: number | undefined
  /** The first moment after. */
  readonly untilMs?: number | undefined
  readonly hasMedia: boolean
}

export interface FilteredPage {
  readonly rows: readonly PostRow[]
  /** Where the next page goes on; null at the end. A page may be short, even empty, and not the last. */
  readonly end: PageKey | null
}

interface Walk {
  readonly rows: Iterable<unknown>
  /** Whether a post has those words that the rows weren't chosen by. */
  readonly has: (recordKey: number) => boolean
  readonly maxLooks: number
  /** Where it goes on after the last row; null where there is nothing more. */
  readonly end: PageKey | null
}

interface Candidate extends PageKey {
  readonly recordKey: number
  readonly authorId: number
  /** Null where that is sure already. */
  readonly hasMedia: boolean | null
}

/** How many posts are looked at for one page, however few of them it may show. */
export interface LookLimits {
  readonly ofIndex: number
  readonly ofAuthor: number
}

const LOOKS: LookLimits = { ofIndex: 4_000, ofAuthor: 1_000 }
const STEP_MS = 2 ** SEARCH_STEP_BITS
const CANDIDATE = 'visible_post.record_key, visible_post.sort_ms, visible_post.id, visible_post.author_id'

/**
 * Posts by words, author, time and pictures, newest first by keyset. There is one walk through the posts that have the
 * words, or through all where there are none, and one through those of an author of whom the words are then looked for:
 * whoever has fewer posts than have the words is walked through. Each walk ends after a bounded number of posts.
 */
export class FilteredSearch {
  readonly #looks: LookLimits
  readonly #words
  readonly #grams
  readonly #all
  readonly #ofAuthor
  readonly #postCount
  readonly #post

  constructor({ db }: Pick<SquareDatabase, 'db'>, looks: LookLimits = LOOKS) {
    this.#looks = looks
    // Whether there are pictures is asked before anything else is read of a post.
    const walks = (key: string, source: string, condition: string) => {
      const span = `${condition} ${key} < ${SEARCH_BELOW} AND ${key} >= ${SEARCH_FROM}`
      const walk = (media: string) =>
        prepareRows(
          db,
          `SELECT ${CANDIDATE} FROM ${source} CROSS JOIN visible_post ON visible_post.record_key = search_place.record_key
           WHERE ${span} ${media} ORDER BY ${key} DESC`,
        )
      return { any: walk(''), withMedia: walk(`AND ${hasMedia('search_place')}`) }
    }
    const indexed = (table: 'post_search' | 'post_gram') => ({
      ...walks(
        `${table}.rowid`,
        `${table} CROSS JOIN search_place ON search_place.search_key = ${table}.rowid`,
        `${table} MATCH ? AND`,
      ),
      nth: nthKey(db, `${table}.rowid`, table, `${table} MATCH ? AND`),
      has: db.prepare(
        `SELECT 1 AS yes FROM visible_post CROSS JOIN search_place ON search_place.record_key = visible_post.record_key
         CROSS JOIN ${table} ON ${table}.rowid = search_place.search_key
         WHERE visible_post.record_key = ? AND ${table} MATCH ?`,
      ),
    })
    this.#words = indexed('post_search')
    this.#grams = indexed('post_gram')
    const key = 'search_place.search_key'
    this.#all = { ...walks(key, 'search_place', ''), nth: nthKey(db, key, 'search_place', '') }
    this.#postCount = db.prepare('SELECT post_count FROM author WHERE author_id = ?')
    this.#ofAuthor = prepareRows(
      db,
      `SELECT ${CANDIDATE}, ${hasMedia('visible_post')} FROM visible_post
       WHERE author_id = ? AND state = 0 AND (sort_ms, id) < (?, ?) AND sort_ms >= ? ORDER BY sort_ms DESC, id DESC`,
    )
    this.#post = prepareRows(db, `SELECT ${POST_COLUMNS} FROM visible_post WHERE record_key = ?`)
  }

  /** @param sought null for posts whatever they say */
  search(sought: SearchExpressions | null, filter: PostFilter, after: PageKey | null, limit: number): FilteredPage {
    const start = startOf(filter, after)
    const sinceMs = Math.max(0, Math.min(filter.sinceMs ?? 0, MAX_SORT_MS))
    const walk = this.#walk(sought, filter, start, sinceMs)
    const page: PostRow[] = []
    let [step, looks] = [Number.POSITIVE_INFINITY, 0]
    for (const row of walk.rows) {
      const candidate = toCandidate(row as PostValues)
      // Within a step of the index the order is settled here: a page ends between two.
      const itsStep = Math.floor(candidate.sortMs / STEP_MS)
      if (itsStep !== step && (page.length >= limit || looks >= walk.maxLooks)) {
        return cut(page, limit, startOfStep(itsStep + 1))
      }
      step = itsStep
      looks += 1
      if (comparePlaces(candidate, start) >= 0 || !fits(candidate, filter) || !walk.has(candidate.recordKey)) continue
      const post = this.#post.get(candidate.recordKey)
      if (post !== undefined) page.push(toPost(post as unknown as PostValues))
    }
    return cut(page, limit, walk.end)
  }

  #walk(sought: SearchExpressions | null, filter: PostFilter, start: PageKey, sinceMs: number): Walk {
    const { authorId } = filter
    const sortMs = Math.min(start.sortMs, MAX_SORT_MS)
    const parts = [
      ...(sought?.words ? [{ index: this.#words, expression: sought.words }] : []),
      ...(sought?.grams ? [{ index: this.#grams, expression: sought.grams }] : []),
    ]
    const has = (wanted: typeof parts) => (recordKey: number) =>
      wanted.every(({ index, expression }) => index.has.get(recordKey, expression) !== undefined)
    if (authorId !== undefined) {
      // Of those that are fewer all are looked at.
      const posts = Math.min(Number(this.#postCount.get(authorId)?.post_count ?? 0), this.#looks.ofIndex)
      const isRarer = parts.some(
        ({ index, expression }) => index.nth.get(expression, sortMs, sinceMs, posts) === undefined,
      )
      if (!isRarer) {
        const rows = rowsOf(this.#ofAuthor.iterate(authorId, start.sortMs, start.id, sinceMs))
        return { rows, has: has(parts), maxLooks: this.#looks.ofAuthor, end: null }
      }
    }
    const which = filter.hasMedia ? 'withMedia' : 'any'
    const [first, ...others] = parts
    const index = first?.index ?? this.#all
    const words = first === undefined ? [] : [first.expression]
    const isSparse = filter.hasMedia || authorId !== undefined || others.length > 0
    const last = isSparse ? index.nth.get(...words, sortMs, sinceMs, this.#looks.ofIndex)?.search_key : undefined
    const lastStep = typeof last === 'number' ? Math.floor(last / 2 ** SEARCH_BITS) : null
    const leastMs = lastStep === null ? sinceMs : Math.max(sinceMs, lastStep * STEP_MS)
    return {
      rows: rowsOf(index[which].iterate(...words, sortMs, leastMs)),
      has: has(others),
      maxLooks: Number.POSITIVE_INFINITY,
      end: lastStep === null ? null : startOfStep(lastStep),
    }
  }
}

/** After which only earlier steps come: one that has more posts than a page looks at isn't walked twice. */
function startOfStep(step: number): PageKey {
  return { sortMs: step * STEP_MS - 1, id: new Uint8Array(32).fill(255) }
}

/** SQL that is true for a post that refers to pictures. */
function hasMedia(place: 'search_place' | 'visible_post'): string {
  return `EXISTS (SELECT 1 FROM media_ref WHERE media_ref.record_key = ${place}.record_key)`
}

/** Which key stands so many places behind a moment; none where there are fewer. */
function nthKey(db: DatabaseSync, key: string, source: string, condition: string): StatementSync {
  const sql = `${key} AS search_key FROM ${source} WHERE ${condition} ${key} < ${SEARCH_BELOW} AND ${key} >= ${SEARCH_FROM}`
  return db.prepare(`SELECT ${sql} ORDER BY ${key} DESC LIMIT 1 OFFSET ?`)
}

function startOf({ untilMs }: PostFilter, after: PageKey | null): PageKey {
  const given = after ?? START
  const until = untilMs === undefined ? START : { sortMs: untilMs, id: new Uint8Array(0) }
  return comparePlaces(given, until) < 0 ? given : until
}

function fits({ authorId, hasMedia, sortMs }: Candidate, filter: PostFilter): boolean {
  if (filter.authorId !== undefined && authorId !== filter.authorId) return false
  return (hasMedia !== false || !filter.hasMedia) && sortMs >= (filter.sinceMs ?? 0)
}

/** What was read beyond the limit is read again for the next page. */
function cut(found: PostRow[], limit: number, end: PageKey | null): FilteredPage {
  const rows = found.sort((a, b) => comparePlaces(b, a)).slice(0, limit)
  return { rows, end: found.length > limit ? (rows.at(-1) ?? end) : end }
}

function toCandidate([recordKey, sortMs, id, authorId, hasMedia]: PostValues): Candidate {
  return {
    recordKey: recordKey as number,
    sortMs: sortMs as number,
    id: id as Uint8Array,
    authorId: authorId as number,
    hasMedia: hasMedia === undefined ? null : hasMedia === 1,
  }
}

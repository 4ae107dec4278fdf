import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { BOUND_LIMIT } from './bound-limit.ts'
import { mergeNewest } from './merge-newest.ts'
import type { SquareDatabase } from './square-database.ts'

/** Where a page ends: the last row's place in the list. */
export interface PageKey {
  readonly sortMs: number
  readonly id: Uint8Array
}

/** A row of `visible_post`. */
export interface PostRow {
  readonly recordKey: number
  readonly id: Uint8Array
  readonly authorId: number
  readonly logId: number
  readonly seq: number
  readonly tsMs: number
  readonly sortMs: number
  /** RECORD_STATE */
  readonly state: number
  readonly body: Uint8Array | null
  readonly deletedMs: number | null
  /** Body of the edit that counts, and when it was written; null for a post that says what it said at first. */
  readonly edit: { readonly body: Uint8Array; readonly tsMs: number } | null
  /** Set for one that came long after it was written and after newer ones: when it came. */
  readonly arrivedLateMs: number | null
  readonly replies: number
  readonly reposts: number
  readonly reactions: number
}

/** A row of `placed_post`: with its place in a thread. */
export interface PlacedPostRow extends PostRow {
  readonly rootId: Uint8Array | null
  readonly parentId: Uint8Array | null
  /** Of somebody who was muted, blocks or is blocked: it keeps its place, and isn't shown unless that is asked for. */
  readonly isSilenced: boolean
}

export interface HomeRow {
  readonly post: PostRow
  readonly key: PageKey
  /** Null for one that stands there by itself. */
  readonly reposterId: number | null
}

/**
 * What a value costs on its way out of the database is most of what a page costs: there is none that no page shows, and
 * rows are arrays. `toPost` knows this order.
 */
const columnsOf = (view: string) => `${view}.record_key, ${view}.id, ${view}.author_id, ${view}.log_id,
  ${view}.seq, ${view}.ts_ms, ${view}.sort_ms, ${view}.state, ${view}.body,
  ${view}.deleted_ms, ${view}.edit_body, ${view}.edited_ms, ${view}.arrived_late_ms,
  ${view}.reply_count, ${view}.repost_count, ${view}.reaction_count`
export const POST_COLUMNS = columnsOf('visible_post')
/** Of `placed_post`, the one other view. */
const SILENCED_COLUMNS = columnsOf('placed_post')
const PLACED_COLUMNS = `${SILENCED_COLUMNS}, placed_post.root_id, placed_post.parent_id, placed_post.is_silenced`

/** A place after every row. */
export const START: PageKey = { sortMs: Number.MAX_SAFE_INTEGER, id: new Uint8Array(33).fill(255) }

/** Posts as the read side finds them: through `visible_post`, in bounded keyset pages, newest first. */
export class PostQueries {
  readonly #db: DatabaseSync
  readonly #byId
  readonly #placedById
  readonly #home
  readonly #ofAuthor
  readonly #ofSilenced
  readonly #tagged
  readonly #edits
  readonly #deviceOf
  readonly #newestOf

  constructor(square: SquareDatabase) {
    const { db } = square
    this.#db = db
    this.#byId = prepareRows(db, `SELECT ${POST_COLUMNS} FROM visible_post WHERE id = ?`)
    this.#placedById = prepareRows(db, `SELECT ${PLACED_COLUMNS} FROM placed_post WHERE id = ?`)
    this.#home = prepareRows(
      db,
      `SELECT ${POST_COLUMNS}, home.sort_ms, home.reposter_id,
         CASE WHEN home.reposter_id IS NULL THEN NULL ELSE home.entry_id END
       FROM home JOIN visible_post ON visible_post.record_key = home.post_key
       WHERE (home.sort_ms, home.entry_id) < (?, ?) AND (home.reposter_id IS NULL
         OR (SELECT is_silenced FROM author WHERE author_id = home.reposter_id) = 0)
       ORDER BY home.sort_ms DESC, home.entry_id DESC ${BOUND_LIMIT}`,
    )
    this.#ofAuthor = prepareRows(
      db,
      `SELECT ${POST_COLUMNS} FROM visible_post
       WHERE author_id = ? AND state IN (0, 1) AND (sort_ms, id) < (?, ?)
       ORDER BY sort_ms DESC, id DESC ${BOUND_LIMIT}`,
    )
    this.#ofSilenced = prepareRows(
      db,
      `SELECT ${SILENCED_COLUMNS} FROM placed_post
       WHERE author_id = ? AND state IN (0, 1) AND (sort_ms, id) < (?, ?)
       ORDER BY sort_ms DESC, id DESC ${BOUND_LIMIT}`,
    )
    this.#tagged = prepareRows(
      db,
      `SELECT ${POST_COLUMNS} FROM post_tag JOIN visible_post ON visible_post.record_key = post_tag.record_key
       WHERE post_tag.tag = ? AND (post_tag.sort_ms, post_tag.id) < (?, ?)
       ORDER BY post_tag.sort_ms DESC, post_tag.id DESC ${BOUND_LIMIT}`,
    )
    this.#edits = db.prepare(
      `SELECT id, ts_ms, body FROM visible_edit WHERE target_id = ? ORDER BY ts_ms DESC, id DESC ${BOUND_LIMIT}`,
    )
    this.#deviceOf = db.prepare('SELECT device FROM log WHERE log_id = ?')
    this.#newestOf = prepareRows(
      db,
      `SELECT who.value, (SELECT visible_post.sort_ms FROM visible_post
         WHERE visible_post.author_id = who.value AND state IN (0, 1) AND (sort_ms, id) < (?, ?)
         ORDER BY sort_ms DESC, id DESC LIMIT 1) AS newest
       FROM json_each(?) AS who ORDER BY newest DESC`,
    )
  }

  find(id: Uint8Array): PostRow | null {
    const row = this.#byId.get(id)
    return row === undefined ? null : toPost(row as unknown as PostValues)
  }

  /** Also one of somebody who is silenced. */
  findPlaced(id: Uint8Array): PlacedPostRow | null {
    const row = this.#placedById.get(id)
    return row === undefined ? null : toPlacedPost(row as unknown as PostValues)
  }

  home(after: PageKey | null, limit: number): HomeRow[] {
    const { sortMs, id } = after ?? START
    return rowsOf(this.#home.all(sortMs, id, limit)).map((row) => {
      const post = toPost(row)
      const entryId = row[POST_VALUES + 2] as Uint8Array | null
      return {
        post,
        key: { sortMs: row[POST_VALUES] as number, id: entryId ?? post.id },
        reposterId: row[POST_VALUES + 1] as number | null,
      }
    })
  }

  ofAuthor(authorId: number, after: PageKey | null, limit: number): PostRow[] {
    const { sortMs, id } = after ?? START
    return rowsOf(this.#ofAuthor.all(authorId, sortMs, id, limit)).map(toPost)
  }

  /** The same, also of somebody who is silenced: for who asks to see them all the same. */
  ofSilenced(authorId: number, after: PageKey | null, limit: number): PostRow[] {
    const { sortMs, id } = after ?? START
    return rowsOf(this.#ofSilenced.all(authorId, sortMs, id, limit)).map(toPost)
  }

  /**
   * Posts of several authors, newest first: of all of them it is asked when they last said something, of those whom the
   * page may show their posts, which come in order and are read as far as the page needs them.
   */
  ofAuthors(authorIds: readonly number[], after: PageKey | null, limit: number): PostRow[] {
    const { sortMs, id } = after ?? START
    const rows = rowsOf(this.#newestOf.all(sortMs, id, JSON.stringify(authorIds)))
    const newest = rows.filter(([, newestMs]) => newestMs !== null) as (readonly [number, number])[]
    // As many authors as posts, and those who spoke in the same millisecond as the last of them.
    const least = newest[limit - 1]?.[1] ?? 0
    const shown = newest.filter(([, newestMs]) => newestMs >= least)
    return mergeNewest(
      shown.map(
        ([authorId]) =>
          (from, count) =>
            this.ofAuthor(authorId, from, count),
      ),
      after,
      limit,
    )
  }

  /** `tag` as `foldTag` gives it. */
  tagged(tag: string, after: PageKey | null, limit: number): PostRow[] {
    const { sortMs, id } = after ?? START
    return rowsOf(this.#tagged.all(tag, sortMs, id, limit)).map(toPost)
  }

  /** Edits of a post, the newest first. */
  edits(id: Uint8Array, limit: number): { id: Uint8Array; tsMs: number; body: Uint8Array }[] {
    return this.#edits.all(id, limit).map((row) => ({
      id: row.id as Uint8Array,
      tsMs: row.ts_ms as number,
      body: row.body as Uint8Array,
    }))
  }

  /** Public key of the device whose log this is. */
  deviceOf(logId: number): Uint8Array {
    return this.#deviceOf.get(logId)?.device as Uint8Array
  }

  /** One moment of the store for all reads of a page. */
  snapshot<T>(work: () => T): T {
    this.#db.exec('BEGIN')
    try {
      return work()
    } finally {
      this.#db.exec('COMMIT')
    }
  }
}

/** A row as an array, in the order of its columns. */
export type PostValues = readonly unknown[]

const POST_VALUES = 16

/** A statement that gives its rows as arrays. */
export function prepareRows(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql)
  statement.setReturnArrays(true)
  return statement
}

/** What a statement of `prepareRows` gives; its types say objects. */
export function rowsOf(rows: Iterable<unknown>): PostValues[] {
  return rows as PostValues[]
}

/** A row that begins with `POST_COLUMNS`. */
export function toPost(row: PostValues): PostRow {
  const edit = row[10]
  return {
    recordKey: row[0] as number,
    id: row[1] as Uint8Array,
    authorId: row[2] as number,
    logId: row[3] as number,
    seq: row[4] as number,
    tsMs: row[5] as number,
    sortMs: row[6] as number,
    state: row[7] as number,
    body: row[8] as Uint8Array | null,
    deletedMs: row[9] as number | null,
    edit: edit instanceof Uint8Array ? { body: edit, tsMs: row[11] as number } : null,
    arrivedLateMs: row[12] as number | null,
    replies: row[13] as number,
    reposts: row[14] as number,
    reactions: row[15] as number,
  }
}

function toPlacedPost(row: PostValues): PlacedPostRow {
  const rootId = row[POST_VALUES] as Uint8Array | null
  const parentId = row[POST_VALUES + 1] as Uint8Array | null
  return { ...toPost(row), rootId, parentId, isSilenced: row[POST_VALUES + 2] === 1 }
}

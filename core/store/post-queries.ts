import type { DatabaseSync } from 'node:sqlite'
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
  readonly author: Uint8Array
  readonly device: Uint8Array
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
  readonly root: { readonly author: Uint8Array; readonly id: Uint8Array } | null
  readonly parentId: Uint8Array | null
  readonly replies: number
  readonly reposts: number
  readonly reactions: number
}

export interface HomeRow {
  readonly post: PostRow
  readonly key: PageKey
  readonly reposter: Uint8Array | null
}

const COLUMNS = `visible_post.record_key, visible_post.id, visible_post.author, visible_post.device, visible_post.seq,
  visible_post.ts_ms, visible_post.sort_ms, visible_post.state, visible_post.body, visible_post.deleted_ms,
  visible_post.edit_body, visible_post.edited_ms, visible_post.arrived_late_ms,
  visible_post.root_author, visible_post.root_id, visible_post.parent_id, visible_post.reaction_count,
  visible_post.repost_count`

/** A place after every row. */
const START: PageKey = { sortMs: Number.MAX_SAFE_INTEGER, id: new Uint8Array(33).fill(255) }

/** Posts as the read side finds them: through `visible_post`, in bounded keyset pages, newest first. */
export class PostQueries {
  readonly #db: DatabaseSync
  readonly #byId
  readonly #home
  readonly #ofAuthor
  readonly #answers
  readonly #inThread
  readonly #replyCount
  readonly #search
  readonly #searched
  readonly #edits

  constructor(square: SquareDatabase) {
    const { db } = square
    this.#db = db
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM visible_post WHERE id = ?`)
    this.#home = db.prepare(
      `SELECT ${COLUMNS}, home.sort_ms AS home_ms, home.entry_id, author.address AS reposter
       FROM home JOIN visible_post ON visible_post.record_key = home.post_key
       LEFT JOIN author ON author.author_id = home.reposter_id
       WHERE (home.sort_ms, home.entry_id) < (?, ?)
       ORDER BY home.sort_ms DESC, home.entry_id DESC LIMIT ?`,
    )
    this.#ofAuthor = db.prepare(
      `SELECT ${COLUMNS} FROM visible_post
       WHERE author_id = ? AND state IN (0, 1) AND (sort_ms, id) < (?, ?)
       ORDER BY sort_ms DESC, id DESC LIMIT ?`,
    )
    this.#answers = db.prepare(`SELECT ${COLUMNS} FROM visible_post WHERE parent_id = ? ORDER BY sort_ms, id LIMIT ?`)
    this.#inThread = db.prepare(`SELECT ${COLUMNS} FROM visible_post WHERE root_id = ? ORDER BY sort_ms, id LIMIT ?`)
    this.#replyCount = db.prepare('SELECT count(*) AS n FROM visible_post WHERE parent_id = ? AND state = 0')
    this.#search = db.prepare(
      `SELECT ${COLUMNS} FROM post_search JOIN visible_post ON visible_post.record_key = post_search.rowid
       WHERE post_search MATCH ? AND (visible_post.sort_ms, visible_post.id) < (?, ?)
       ORDER BY visible_post.sort_ms DESC, visible_post.id DESC LIMIT ?`,
    )
    this.#edits = db.prepare(
      'SELECT id, ts_ms, body FROM visible_edit WHERE target_id = ? ORDER BY ts_ms DESC, id DESC LIMIT ?',
    )
    this.#searched = db.prepare('SELECT coalesce(sum(post_count), 0) AS n FROM author')
  }

  find(id: Uint8Array): PostRow | null {
    const row = this.#byId.get(id)
    return row === undefined ? null : this.#fromRow(row)
  }

  home(after: PageKey | null, limit: number): HomeRow[] {
    const { sortMs, id } = after ?? START
    return this.#home.all(sortMs, id, limit).map((row) => ({
      post: this.#fromRow(row),
      key: { sortMs: row.home_ms as number, id: row.entry_id as Uint8Array },
      reposter: row.reposter as Uint8Array | null,
    }))
  }

  ofAuthor(authorId: number, after: PageKey | null, limit: number): PostRow[] {
    const { sortMs, id } = after ?? START
    return this.#ofAuthor.all(authorId, sortMs, id, limit).map((row) => this.#fromRow(row))
  }

  /** Edits of a post, the newest first. */
  edits(id: Uint8Array, limit: number): { id: Uint8Array; tsMs: number; body: Uint8Array }[] {
    return this.#edits.all(id, limit).map((row) => ({
      id: row.id as Uint8Array,
      tsMs: row.ts_ms as number,
      body: row.body as Uint8Array,
    }))
  }

  /** Direct answers, oldest first. */
  answers(id: Uint8Array, limit: number): PostRow[] {
    return this.#answers.all(id, limit).map((row) => this.#fromRow(row))
  }

  /** Everything that names this post as the root of its thread, oldest first. */
  inThread(rootId: Uint8Array, limit: number): PostRow[] {
    return this.#inThread.all(rootId, limit).map((row) => this.#fromRow(row))
  }

  /** `match` is an FTS5 expression made by `toMatchExpression`, never what a person typed. */
  search(match: string, after: PageKey | null, limit: number): PostRow[] {
    const { sortMs, id } = after ?? START
    return this.#search.all(match, sortMs, id, limit).map((row) => this.#fromRow(row))
  }

  /** Posts with text that are held here. */
  countPosts(): number {
    return Number(this.#searched.get()?.n)
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

  #fromRow(row: Record<string, unknown>): PostRow {
    const rootId = row.root_id as Uint8Array | null
    return {
      recordKey: row.record_key as number,
      id: row.id as Uint8Array,
      author: row.author as Uint8Array,
      device: row.device as Uint8Array,
      seq: row.seq as number,
      tsMs: row.ts_ms as number,
      sortMs: row.sort_ms as number,
      state: row.state as number,
      body: row.body as Uint8Array | null,
      deletedMs: row.deleted_ms as number | null,
      edit: row.edit_body instanceof Uint8Array ? { body: row.edit_body, tsMs: row.edited_ms as number } : null,
      arrivedLateMs: row.arrived_late_ms as number | null,
      root: rootId === null ? null : { author: row.root_author as Uint8Array, id: rootId },
      parentId: row.parent_id as Uint8Array | null,
      replies: Number(this.#replyCount.get(row.id as Uint8Array)?.n),
      reposts: row.repost_count as number,
      reactions: row.reaction_count as number,
    }
  }
}

const MAX_WORDS = 16

/**
 * Plain text as an FTS5 expression: every word must occur, the last one as a beginning. Null when there is no word.
 * Each word stands in quotes, so nothing that a person types is syntax.
 */
export function toMatchExpression(text: string): string | null {
  const words = (text.normalize('NFC').match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, MAX_WORDS)
  if (words.length === 0) return null
  return `${words.map((word) => `"${word}"`).join(' ')}*`
}

import type { EdgeTable } from './edge-table.ts'
import { type MovedRecord, RECORD_STATE, type RecordRow, type RecordTable } from './record-table.ts'
import type { SquareDatabase } from './square-database.ts'

const REPOST = 4

/**
 * The home timeline as rows. A post stands in it once: at its own time when its author is me or somebody I follow,
 * else at the time of the first repost by one of us. What stands there is a function of what is held, not of the order
 * in which it came.
 */
export class HomeTable {
  readonly #records: RecordTable
  readonly #edges: EdgeTable
  readonly #listAuthors
  readonly #addAuthor
  readonly #dropAuthor
  readonly #clearAuthors
  readonly #clear
  readonly #put
  readonly #drop
  readonly #holds
  readonly #fillOwnPosts
  readonly #dropPostsOf
  readonly #repostsOf
  readonly #repostedOf
  readonly #subjectOf
  readonly #move

  /** Null until somebody asks. */
  #authorIds: Set<number> | null = null

  constructor(
    square: Pick<SquareDatabase, 'db' | 'keep'>,
    tables: { readonly records: RecordTable; readonly edges: EdgeTable },
  ) {
    const { db } = square
    square.keep({ forget: () => this.#forgetAuthors() })
    this.#records = tables.records
    this.#edges = tables.edges
    this.#listAuthors = db.prepare('SELECT author_id FROM home_author')
    this.#addAuthor = db.prepare('INSERT OR IGNORE INTO home_author (author_id) VALUES (?)')
    this.#dropAuthor = db.prepare('DELETE FROM home_author WHERE author_id = ?')
    this.#clearAuthors = db.prepare('DELETE FROM home_author')
    this.#clear = db.prepare('DELETE FROM home')
    this.#put = db.prepare('INSERT OR REPLACE INTO home (post_key, sort_ms, entry_id, reposter_id) VALUES (?, ?, ?, ?)')
    this.#drop = db.prepare('DELETE FROM home WHERE post_key = ?')
    this.#holds = db.prepare('SELECT 1 AS yes FROM home WHERE post_key = ?')
    this.#fillOwnPosts = db.prepare(
      `INSERT OR REPLACE INTO home (post_key, sort_ms, entry_id, reposter_id)
       SELECT record_key, sort_ms, id, NULL FROM record WHERE author_id = ? AND kind = 1 AND state IN (0, 1) AND is_hidden = 0`,
    )
    this.#dropPostsOf = db.prepare(
      'DELETE FROM home WHERE post_key IN (SELECT record_key FROM record WHERE author_id = ? AND kind = 1)',
    )
    this.#repostsOf = db.prepare('SELECT subject FROM edge WHERE kind = 4 AND author_id = ?')
    this.#repostedOf = db.prepare(
      `SELECT DISTINCT edge.subject AS subject FROM home_author JOIN edge ON edge.author_id = home_author.author_id
       WHERE edge.kind = 4 AND edge.is_on = 1
         AND edge.subject_author = (SELECT address FROM author WHERE author.author_id = ?)`,
    )
    this.#subjectOf = db.prepare('SELECT subject FROM edge WHERE kind = 4 AND author_id = ? AND record_key = ?')
    this.#move = db.prepare('UPDATE home SET sort_ms = ? WHERE post_key = ? AND reposter_id IS NULL')
  }

  /** Me or somebody I follow. */
  hasAuthor(authorId: number): boolean {
    return this.#authors().has(authorId)
  }

  holds(postKey: number): boolean {
    return this.#holds.get(postKey) !== undefined
  }

  /** Puts a post where it belongs, or takes it out. True when it stands there now. */
  refresh(post: RecordRow): boolean {
    // Without authors nothing stands there.
    if (post.kind !== 1 || this.#authors().size === 0) return false
    if (post.isHidden || (post.state !== RECORD_STATE.shown && post.state !== RECORD_STATE.deleted)) {
      this.#drop.run(post.recordKey)
      return false
    }
    if (this.hasAuthor(post.authorId)) {
      this.#put.run(post.recordKey, post.sortMs, post.id, null)
      return true
    }
    const repost = this.#edges.firstHomeRepost(post.id)
    if (repost === undefined) this.#drop.run(post.recordKey)
    else this.#put.run(post.recordKey, repost.sortMs, repost.id, repost.authorId)
    return repost !== undefined
  }

  /** The same by id; nothing happens while the post isn't held. */
  refreshById(postId: Uint8Array): void {
    if (this.#authors().size === 0) return
    const post = this.#records.find(postId)
    if (post !== undefined) this.refresh(post)
  }

  /** Follows the sort times that `carryEffectiveTime` moved: of posts, and of reposts that carry a post in. */
  move(authorId: number, changed: readonly MovedRecord[]): void {
    for (const { recordKey, sortMs, kind } of changed) {
      if (kind === 1) this.#move.run(sortMs, recordKey)
      else if (kind === REPOST) {
        const subject = this.#subjectOf.get(authorId, recordKey)?.subject
        if (subject instanceof Uint8Array) this.refreshById(subject)
      }
    }
  }

  /** Takes in an author with everything held of them. */
  addAuthor(authorId: number): void {
    if (this.#addAuthor.run(authorId).changes === 0) return
    this.#forgetAuthors()
    this.#fillOwnPosts.run(authorId)
    this.#refreshRepostsOf(authorId)
  }

  removeAuthor(authorId: number): void {
    if (this.#dropAuthor.run(authorId).changes === 0) return
    this.#forgetAuthors()
    if (this.#authors().size === 0) {
      this.#clear.run()
      return
    }
    this.#dropPostsOf.run(authorId)
    for (const row of this.#repostedOf.all(authorId)) this.refreshById(row.subject as Uint8Array)
    this.#refreshRepostsOf(authorId)
  }

  /** Starts again with exactly these authors. */
  rebuild(authorIds: readonly number[]): void {
    this.#clear.run()
    this.#clearAuthors.run()
    for (const authorId of authorIds) this.#addAuthor.run(authorId)
    this.#forgetAuthors()
    for (const authorId of authorIds) this.#refreshRepostsOf(authorId)
    for (const authorId of authorIds) this.#fillOwnPosts.run(authorId)
  }

  #authors(): ReadonlySet<number> {
    this.#authorIds ??= new Set(this.#listAuthors.all().map((row) => row.author_id as number))
    return this.#authorIds
  }

  #forgetAuthors(): void {
    this.#authorIds = null
  }

  #refreshRepostsOf(authorId: number): void {
    for (const row of this.#repostsOf.all(authorId)) this.refreshById(row.subject as Uint8Array)
  }
}

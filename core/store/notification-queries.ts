import { BOUND_LIMIT } from './bound-limit.ts'
import type { NotificationKind } from './notification-table.ts'
import { type PageKey, START } from './post-queries.ts'
import type { SquareDatabase } from './square-database.ts'

export interface NotificationRow extends PageKey {
  readonly kind: NotificationKind
  readonly authorId: number
  /** The post that says it, or the own post that it is about; null for a follow. */
  readonly postId: Uint8Array | null
  /** The emoji of a reaction. */
  readonly value: string | null
  readonly isUnread: boolean
}

/** More than these are not counted. */
export const MAX_UNREAD = 1_000

/** Notifications as the read side finds them: those whose author and post may be shown, newest first. */
export class NotificationQueries {
  readonly #page
  readonly #unread

  constructor({ db }: SquareDatabase) {
    const isOurs = `(kind NOT IN ('reaction', 'repost') OR post_author_id = ?)`
    this.#page = db.prepare(
      `SELECT kind, author_id, post_id, value, sort_ms, id, is_unread FROM visible_notification
       WHERE (sort_ms, id) < (?, ?) AND ${isOurs} ORDER BY sort_ms DESC, id DESC ${BOUND_LIMIT}`,
    )
    this.#unread = db.prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM visible_notification WHERE is_unread = 1 AND ${isOurs} LIMIT ${MAX_UNREAD})`,
    )
  }

  /** `myId`: the author whose notifications they are. */
  page(myId: number, after: PageKey | null, limit: number): NotificationRow[] {
    const { sortMs, id } = after ?? START
    return this.#page.all(sortMs, id, myId, limit).map((row) => ({
      kind: row.kind as NotificationKind,
      authorId: row.author_id as number,
      postId: row.post_id as Uint8Array | null,
      value: row.value as string | null,
      sortMs: row.sort_ms as number,
      id: row.id as Uint8Array,
      isUnread: row.is_unread === 1,
    }))
  }

  /** At most `MAX_UNREAD`: reads no more rows than that. */
  countUnread(myId: number): number {
    return Number(this.#unread.get(myId)?.n)
  }
}

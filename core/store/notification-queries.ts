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

/** Which of them a page holds; everything that is left out is everything. */
export interface NotificationChoice {
  readonly kinds?: readonly NotificationKind[] | undefined
  /** known: people who are followed here · strangers: everybody else */
  readonly from?: 'known' | 'strangers' | undefined
}

/** Which of the unread ring the bell. */
export interface Ringing {
  readonly silentKinds: readonly NotificationKind[]
  /** People who aren't followed ring as well. */
  readonly strangersRing: boolean
}

/** More than these are not counted. */
export const MAX_UNREAD = 1_000

export interface UnreadCounts {
  readonly count: number
  readonly known: number
  readonly ringing: number
}

const ALL_RING: Ringing = { silentKinds: [], strangersRing: true }

/** Notifications as the read side finds them: those whose author and post may be shown, newest first. */
export class NotificationQueries {
  readonly #page
  readonly #unread

  constructor({ db }: SquareDatabase) {
    const isOurs = `(kind NOT IN ('reaction', 'repost') OR post_author_id = ?1)`
    const isKnown = 'author_id IN (SELECT author_id FROM home_author)'
    this.#page = db.prepare(
      `SELECT kind, author_id, post_id, value, sort_ms, id, is_unread FROM visible_notification
       WHERE (sort_ms, id) < (?2, ?3) AND ${isOurs} AND (?4 = '' OR instr(?4, kind) > 0)
         AND (?5 = '' OR (${isKnown}) = (?5 = 'known')) ORDER BY sort_ms DESC, id DESC ${BOUND_LIMIT}`,
    )
    const unread = `SELECT 1 FROM visible_notification WHERE is_unread = 1 AND ${isOurs}`
    this.#unread = db.prepare(
      `SELECT (SELECT count(*) FROM (${unread} LIMIT ${MAX_UNREAD})) AS count,
         (SELECT count(*) FROM (${unread} AND ${isKnown} LIMIT ${MAX_UNREAD})) AS known,
         (SELECT count(*) FROM (${unread} AND (?3 = 1 OR ${isKnown}) AND instr(?2, kind) = 0 LIMIT ${MAX_UNREAD})) AS ringing`,
    )
  }

  /** `myId`: the author whose notifications they are. */
  page(myId: number, choice: NotificationChoice, after: PageKey | null, limit: number): NotificationRow[] {
    const { sortMs, id } = after ?? START
    const { kinds = [], from = '' } = choice
    return this.#page.all(myId, sortMs, id, kinds.join(' '), from, limit).map((row) => ({
      kind: row.kind as NotificationKind,
      authorId: row.author_id as number,
      postId: row.post_id as Uint8Array | null,
      value: row.value as string | null,
      sortMs: row.sort_ms as number,
      id: row.id as Uint8Array,
      isUnread: row.is_unread === 1,
    }))
  }

  /** At most `MAX_UNREAD` of each. `known`: of people who are followed here. */
  countUnread(myId: number, { silentKinds, strangersRing }: Ringing = ALL_RING): UnreadCounts {
    const row = this.#unread.get(myId, silentKinds.join(' '), Number(strangersRing))
    return { count: Number(row?.count), known: Number(row?.known), ringing: Number(row?.ringing) }
  }
}

import type { DatabaseSync } from 'node:sqlite'
import type { PostBody } from '../record/kinds/post.ts'
import { equalBytes } from '../util/bytes.ts'
import type { EdgeTable } from './edge-table.ts'
import type { IdentityTable } from './identity-table.ts'
import type { PageKey } from './post-queries.ts'
import type { MovedRecord, RecordRow, RecordTable } from './record-table.ts'

export type NotificationKind = 'reply' | 'mention' | 'quote' | 'reaction' | 'repost' | 'follow'

/** Kinds of records whose last word is one notification each. */
const EDGE_KINDS = { 3: 'reaction', 4: 'repost', 5: 'follow' } as const
/** What comes this long after its time is news, even where newer things have been read. */
const LATE_MS = 7 * 86_400_000

interface NotificationTables {
  readonly identities: IdentityTable
  readonly records: RecordTable
  readonly edges: EdgeTable
}

/**
 * What others say to the account of this node: one row for each record that says so, in that record's transaction. A
 * reaction, a repost or a follow that is taken back or said anew leaves one row at most. Whether it may be shown, the view
 * `visible_notification` says.
 */
export class NotificationTable {
  readonly #db: DatabaseSync
  readonly #tables: NotificationTables
  readonly #put
  readonly #drop
  readonly #dropEdge
  readonly #move
  readonly #markRead
  readonly #newest
  #me: Uint8Array | null = null
  #readMs = 0

  constructor(db: DatabaseSync, tables: NotificationTables) {
    this.#db = db
    this.#tables = tables
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO notification (record_key, kind, author_id, post_id, value, sort_ms, id, is_unread)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#drop = db.prepare('DELETE FROM notification WHERE record_key = ?')
    this.#dropEdge = db.prepare('DELETE FROM notification WHERE author_id = ? AND kind = ? AND post_id IS ?')
    this.#move = db.prepare('UPDATE notification SET sort_ms = ? WHERE record_key = ?')
    this.#markRead = db.prepare('UPDATE notification SET is_unread = 0 WHERE is_unread = 1 AND (sort_ms, id) <= (?, ?)')
    this.#newest = db.prepare('SELECT max(sort_ms) AS ms FROM notification')
  }

  /** Whose notifications these are, and up to when that account has read. */
  setAccount(me: Uint8Array | null, readMs = 0): void {
    this.#me = me
    this.#readMs = readMs
  }

  /** True when the post says something to this account. */
  notePost(row: RecordRow, post: PostBody): boolean {
    const kind = this.#kindOf(row, post)
    if (kind !== null) this.#add(row, { kind, postId: row.id, value: null })
    return kind !== null
  }

  /** The post isn't here any more, or doesn't count. */
  dropPost(recordKey: number): void {
    if (this.#me !== null) this.#drop.run(recordKey)
  }

  /** An arrow that is another one now. True when it says something to this account. */
  noteEdge(edge: {
    readonly kind: number
    readonly authorId: number
    readonly subject: Uint8Array
    readonly subjectAuthor: Uint8Array
  }): boolean {
    const kind = EDGE_KINDS[edge.kind as keyof typeof EDGE_KINDS]
    if (kind === undefined || this.#me === null || !equalBytes(edge.subjectAuthor, this.#me)) return false
    if (this.#isMine(edge.authorId)) return false
    const postId = kind === 'follow' ? null : edge.subject
    this.#dropEdge.run(edge.authorId, kind, postId)
    const last = this.#tables.edges.find(edge.kind, edge.authorId, edge.subject)
    const row = last?.isOn === true ? this.#tables.records.find(last.id) : undefined
    if (row !== undefined) this.#add(row, { kind, postId, value: last?.value ?? null })
    return row !== undefined
  }

  /** Follows the sort times that `carryEffectiveTime` moved. */
  move(changed: readonly MovedRecord[]): void {
    if (this.#me === null) return
    for (const { recordKey, sortMs } of changed) this.#move.run(sortMs, recordKey)
  }

  /** Everything up to this place has been seen; null for all. Returns up to when that is. */
  markRead(upTo: PageKey | null): number {
    const newest = (this.#newest.get()?.ms ?? 0) as number
    const { sortMs, id } = upTo ?? { sortMs: newest, id: new Uint8Array(33).fill(255) }
    this.#markRead.run(sortMs, id)
    this.#readMs = Math.max(this.#readMs, Math.min(sortMs, newest))
    return this.#readMs
  }

  /** Starts again with what is held. Mentions and quotes that came before this account did are not looked for. */
  rebuild(): void {
    this.#db.prepare('DELETE FROM notification').run()
    const myId = this.#me === null ? undefined : this.#tables.identities.findAuthor(this.#me)
    if (this.#me === null || myId === undefined) return
    const columns = 'record_key, kind, author_id, post_id, value, sort_ms, id, is_unread'
    const insert = `INSERT OR REPLACE INTO notification (${columns})`
    this.#db
      .prepare(
        `${insert} SELECT said.record_key, CASE e.kind WHEN 3 THEN 'reaction' ELSE 'repost' END, e.author_id, e.subject, e.value,
           said.sort_ms, said.id, said.sort_ms > ?2
         FROM record AS mine JOIN edge_word AS e ON e.kind IN (3, 4) AND e.subject = mine.id AND e.is_on = 1 AND e.is_last = 1
         JOIN record AS said ON said.record_key = e.record_key WHERE mine.author_id = ?1 AND mine.kind = 1 AND e.author_id <> ?1`,
      )
      .run(myId, this.#readMs)
    this.#db
      .prepare(
        `${insert} SELECT said.record_key, 'follow', e.author_id, NULL, NULL, said.sort_ms, said.id, said.sort_ms > ?3
         FROM edge_word AS e JOIN record AS said ON said.record_key = e.record_key
         WHERE e.kind = 5 AND e.subject = ?2 AND e.is_on = 1 AND e.is_last = 1 AND e.author_id <> ?1`,
      )
      .run(myId, this.#me, this.#readMs)
    this.#db
      .prepare(
        `${insert} SELECT said.record_key, 'reply', said.author_id, said.id, NULL, said.sort_ms, said.id, said.sort_ms > ?2
         FROM record AS mine JOIN post ON post.parent_id = mine.id JOIN record AS said ON said.record_key = post.record_key
         WHERE mine.author_id = ?1 AND mine.kind = 1 AND said.author_id <> ?1`,
      )
      .run(myId, this.#readMs)
  }

  #kindOf(row: RecordRow, { reply, quote, mentions }: PostBody): 'reply' | 'quote' | 'mention' | null {
    const me = this.#me
    if (me === null) return null
    const isReply = reply !== undefined && equalBytes(reply.parent.author, me)
    const isQuote = quote !== undefined && equalBytes(quote.author, me)
    const isMention = mentions?.some(({ address }) => equalBytes(address, me)) === true
    if (!isReply && !isQuote && !isMention) return null
    return this.#isMine(row.authorId) ? null : isReply ? 'reply' : isQuote ? 'quote' : 'mention'
  }

  #add(
    row: RecordRow,
    { kind, postId, value }: { kind: NotificationKind; postId: Uint8Array | null; value: string | null },
  ): void {
    const isUnread = row.sortMs > this.#readMs - LATE_MS
    this.#put.run(row.recordKey, kind, row.authorId, postId, value, row.sortMs, row.id, isUnread ? 1 : 0)
  }

  #isMine(authorId: number): boolean {
    return this.#me !== null && equalBytes(this.#tables.identities.addressOf(authorId), this.#me)
  }
}

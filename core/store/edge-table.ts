import type { DatabaseSync } from 'node:sqlite'
import { compareBytes } from '../util/bytes.ts'

const LIST_ID_BYTES = 16

/** Which arrow a word is about: one state for each. */
export interface EdgePlace {
  /** Kind of the record: reaction, repost, follow, block, label, list, list member, pin. */
  readonly kind: number
  readonly authorId: number
  /** What it points to: a record's id, a person's address, a list's id, or what `edgeOf` puts together. */
  readonly subject: Uint8Array
}

/** A record's word on an arrow. */
export interface EdgeWord extends EdgePlace {
  readonly tsMs: number
  /** Of the record that says so. */
  readonly id: Uint8Array
  readonly recordKey: number
}

export interface Edge extends EdgeWord {
  /** Address of whom the subject belongs to; no bytes where it is nobody's. */
  readonly subjectAuthor: Uint8Array
  readonly isOn: boolean
  /** The emoji of a reaction, the text of a label. */
  readonly value: string | null
}

/**
 * List-shaped state: the last word by (ts, id) counts per (author, kind, subject). All words are kept, so that one can
 * be taken back, when a device turns out to be a thief's, and what was said before it counts again.
 */
export class EdgeTable {
  readonly #find
  readonly #add
  readonly #setLast
  readonly #isLast
  readonly #drop
  readonly #newest
  readonly #ofAuthor
  readonly #words
  readonly #members
  readonly #firstReposter
  readonly #pointing
  readonly #signs

  constructor(db: DatabaseSync) {
    this.#find = db.prepare(
      'SELECT subject_author, ts_ms, id, record_key, is_on, value FROM edge WHERE kind = ? AND author_id = ? AND subject = ?',
    )
    this.#add = db.prepare(
      `INSERT OR IGNORE INTO edge_word (kind, author_id, subject, record_key, ts_ms, subject_author, is_on, value, is_last)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    const place = 'kind = ? AND author_id = ? AND subject = ?'
    const said = '(SELECT said.id FROM record AS said WHERE said.record_key = edge_word.record_key)'
    this.#setLast = db.prepare(`UPDATE edge_word SET is_last = ? WHERE ${place} AND record_key = ?`)
    this.#isLast = db.prepare(`SELECT is_last FROM edge_word WHERE ${place} AND record_key = ?`)
    this.#drop = db.prepare(`DELETE FROM edge_word WHERE ${place} AND record_key = ?`)
    this.#newest = db.prepare(
      `SELECT record_key FROM edge_word WHERE ${place} ORDER BY ts_ms DESC, ${said} DESC LIMIT 1`,
    )
    this.#ofAuthor = db.prepare(
      'SELECT subject, subject_author, ts_ms, id, value FROM edge WHERE kind = ? AND author_id = ? AND is_on = 1',
    )
    this.#words = db.prepare(
      `SELECT ts_ms, ${said} AS id, is_on, value FROM edge_word WHERE ${place} ORDER BY ts_ms DESC, id DESC LIMIT ?`,
    )
    this.#pointing = db.prepare(
      `SELECT author.address AS address, edge.ts_ms AS ts_ms FROM edge JOIN author USING (author_id)
       WHERE edge.kind = ? AND edge.subject = ? AND edge.is_on = 1 ORDER BY author_id LIMIT ? + 0`,
    )
    this.#signs = db.prepare(
      `SELECT value, count(*) AS n FROM (
         SELECT edge_word.value FROM edge_word JOIN author USING (author_id)
         WHERE edge_word.kind = ? AND edge_word.subject = ? AND edge_word.is_on = 1 AND edge_word.is_last = 1
           AND author.is_silenced = 0 LIMIT ? + 0)
       GROUP BY value ORDER BY n DESC, value LIMIT ? + 0`,
    )
    this.#members = db.prepare(
      `SELECT member.subject_author AS address FROM edge AS list JOIN edge AS member ON member.kind = 11
         AND member.author_id = list.author_id AND member.subject > list.subject AND member.subject < ?3 AND member.is_on = 1
       WHERE list.kind = 10 AND list.author_id = ?1 AND list.subject = ?2 AND list.is_on = 1 LIMIT ?4 + 0`,
    )
    this.#firstReposter = db.prepare(
      `SELECT record.id AS id, edge.author_id AS author_id, record.sort_ms AS sort_ms
       FROM edge JOIN home_author USING (author_id) JOIN record ON record.record_key = edge.record_key
       WHERE edge.kind = 4 AND edge.subject = ? AND edge.is_on = 1
       ORDER BY record.sort_ms, record.id LIMIT 1`,
    )
  }

  /** The word that counts. */
  find(kind: number, authorId: number, subject: Uint8Array): Edge | undefined {
    const row = this.#find.get(kind, authorId, subject)
    return row === undefined
      ? undefined
      : {
          kind,
          authorId,
          subject,
          subjectAuthor: row.subject_author as Uint8Array,
          tsMs: row.ts_ms as number,
          id: row.id as Uint8Array,
          recordKey: row.record_key as number,
          isOn: row.is_on === 1,
          value: row.value as string | null,
        }
  }

  /** False when a later word on the same subject is held. */
  put(edge: Edge): boolean {
    const { kind, authorId, subject, tsMs, recordKey } = edge
    const held = this.find(kind, authorId, subject)
    const isLast = held === undefined || isLater(edge, held)
    if (isLast && held !== undefined) this.#setLast.run(0, kind, authorId, subject, held.recordKey)
    const { subjectAuthor, isOn, value } = edge
    this.#add.run(kind, authorId, subject, recordKey, tsMs, subjectAuthor, isOn ? 1 : 0, value, isLast ? 1 : 0)
    return isLast
  }

  /** Takes a word back. True when it was the one that counted: the word before it, if there is one, does now. */
  remove({ kind, authorId, subject, recordKey }: EdgeWord): boolean {
    const wasLast = this.#isLast.get(kind, authorId, subject, recordKey)?.is_last === 1
    this.#drop.run(kind, authorId, subject, recordKey)
    if (!wasLast) return false
    const newest = this.#newest.get(kind, authorId, subject)
    if (newest !== undefined) this.#setLast.run(1, kind, authorId, subject, newest.record_key as number)
    return true
  }

  /** Everything that was said on an arrow, the newest first: what it was at any time can be told, and set again. */
  listWords(
    { kind, authorId, subject }: EdgePlace,
    limit: number,
  ): { tsMs: number; id: Uint8Array; isOn: boolean; value: string | null }[] {
    return this.#words.all(kind, authorId, subject, limit).map((row) => ({
      tsMs: row.ts_ms as number,
      id: row.id as Uint8Array,
      isOn: row.is_on === 1,
      value: row.value as string | null,
    }))
  }

  /** What this author's arrows of a kind point to now. */
  listOn(
    kind: number,
    authorId: number,
  ): { subject: Uint8Array; subjectAuthor: Uint8Array; tsMs: number; id: Uint8Array; value: string | null }[] {
    return this.#ofAuthor.all(kind, authorId).map((row) => ({
      subject: row.subject as Uint8Array,
      subjectAuthor: row.subject_author as Uint8Array,
      tsMs: row.ts_ms as number,
      id: row.id as Uint8Array,
      value: row.value as string | null,
    }))
  }

  /** Whose arrows of a kind point to this now, as many as these; the smallest key first. */
  listPointing(kind: number, subject: Uint8Array, limit: number): { author: Uint8Array; tsMs: number }[] {
    return this.#pointing
      .all(kind, subject, limit)
      .map((row) => ({ author: row.address as Uint8Array, tsMs: row.ts_ms as number }))
  }

  /**
   * What people whom nobody hides say of this now, and how many of them, the most frequent first; `limit` values, counted
   * among the first `people`.
   */
  countValues(kind: number, subject: Uint8Array, people: number, limit: number): { value: string; count: number }[] {
    return this.#signs
      .all(kind, subject, people, limit)
      .flatMap(({ value, n }) => (typeof value === 'string' ? { value, count: Number(n) } : []))
  }

  /** Addresses of who is on a list, as many as these; none once the list is gone. `list`: its 16 bytes. */
  listMembers(authorId: number, list: Uint8Array, limit: number): Uint8Array[] {
    const end = new Uint8Array(LIST_ID_BYTES + 33).fill(255)
    end.set(list)
    return this.#members.all(authorId, list, end, limit).map((row) => row.address as Uint8Array)
  }

  /** The first repost of a post by somebody whose posts stand in the home timeline. */
  firstHomeRepost(postId: Uint8Array): { id: Uint8Array; authorId: number; sortMs: number } | undefined {
    const row = this.#firstReposter.get(postId)
    return row === undefined
      ? undefined
      : { id: row.id as Uint8Array, authorId: row.author_id as number, sortMs: row.sort_ms as number }
  }
}

/** True when `a` was said after `b`: by (ts, id). */
export function isLater(a: { tsMs: number; id: Uint8Array }, b: { tsMs: number; id: Uint8Array }): boolean {
  return a.tsMs !== b.tsMs ? a.tsMs > b.tsMs : compareBytes(a.id, b.id) > 0
}

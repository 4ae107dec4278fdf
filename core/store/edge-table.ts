import type { DatabaseSync } from 'node:sqlite'
import { compareBytes } from '../util/bytes.ts'

/** One arrow from a person to a post or a person: reaction, repost, follow. */
export interface Edge {
  readonly kind: number
  readonly authorId: number
  /** Record id, or the address of a person. */
  readonly subject: Uint8Array
  readonly subjectAuthor: Uint8Array
  readonly tsMs: number
  /** Id of the record that says so. */
  readonly id: Uint8Array
  readonly isOn: boolean
  /** The emoji of a reaction. */
  readonly value: string | null
}

/** List-shaped state: the last writer by (ts, id) wins per (author, kind, subject). */
export class EdgeTable {
  readonly #find
  readonly #put
  readonly #ofAuthor
  readonly #firstReposter

  constructor(db: DatabaseSync) {
    this.#find = db.prepare(
      'SELECT subject_author, ts_ms, id, is_on, value FROM edge WHERE kind = ? AND author_id = ? AND subject = ?',
    )
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO edge (kind, author_id, subject, subject_author, ts_ms, id, is_on, value)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#ofAuthor = db.prepare(
      'SELECT subject, subject_author, ts_ms, id, value FROM edge WHERE kind = ? AND author_id = ? AND is_on = 1',
    )
    this.#firstReposter = db.prepare(
      `SELECT edge.id AS id, edge.author_id AS author_id, record.sort_ms AS sort_ms
       FROM edge JOIN home_author USING (author_id) JOIN record ON record.id = edge.id
       WHERE edge.kind = 4 AND edge.subject = ? AND edge.is_on = 1
       ORDER BY record.sort_ms, edge.id LIMIT 1`,
    )
  }

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
          isOn: row.is_on === 1,
          value: row.value as string | null,
        }
  }

  /** False when a later word on the same subject is held. */
  put(edge: Edge): boolean {
    const held = this.find(edge.kind, edge.authorId, edge.subject)
    if (held !== undefined && !isLater(edge, held)) return false
    this.#put.run(
      edge.kind,
      edge.authorId,
      edge.subject,
      edge.subjectAuthor,
      edge.tsMs,
      edge.id,
      edge.isOn ? 1 : 0,
      edge.value,
    )
    return true
  }

  /** What this author's arrows of a kind point to now. */
  listOn(kind: number, authorId: number): { subject: Uint8Array; subjectAuthor: Uint8Array; tsMs: number }[] {
    return this.#ofAuthor.all(kind, authorId).map((row) => ({
      subject: row.subject as Uint8Array,
      subjectAuthor: row.subject_author as Uint8Array,
      tsMs: row.ts_ms as number,
    }))
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

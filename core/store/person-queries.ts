import type { SquareDatabase } from './square-database.ts'

export interface PersonRow {
  readonly authorId: number
  readonly name: string
  /** The profile record's body; null while none is held. */
  readonly profileBody: Uint8Array | null
}

/** Somebody who has a name, and whose identity chain is held. */
export interface NamedPerson {
  readonly authorId: number
  readonly address: Uint8Array
  readonly name: string
}

export interface PersonCounts {
  readonly posts: number
  readonly following: number
  readonly followers: number
  readonly missing: number
  /** Not held because they made room, left out for none. */
  readonly released?: number
}

/** People as the read side finds them. */
export class PersonQueries {
  readonly #person
  readonly #posts
  readonly #following
  readonly #followers
  readonly #missing
  readonly #stats
  readonly #silenced
  readonly #named

  constructor(square: SquareDatabase) {
    const { db } = square
    this.#person = db.prepare(
      `SELECT author.author_id AS author_id, profile.name AS name, record.body AS body
       FROM author LEFT JOIN profile USING (author_id) LEFT JOIN record ON record.record_key = profile.record_key
       WHERE author.address = ?`,
    )
    this.#named = db.prepare(
      `SELECT author.author_id AS author_id, author.address AS address, profile.name AS name
       FROM profile JOIN author USING (author_id) WHERE author.genesis_hash IS NOT NULL AND profile.name <> ''
       ORDER BY author.author_id IN (SELECT author_id FROM home_author) DESC, profile.author_id LIMIT ? + 0`,
    )
    this.#silenced = db.prepare('SELECT is_silenced FROM author WHERE author_id = ?')
    this.#posts = db.prepare('SELECT post_count FROM author WHERE author_id = ?')
    this.#following = db.prepare('SELECT count(*) AS n FROM edge WHERE kind = 5 AND author_id = ? AND is_on = 1')
    this.#followers = db.prepare('SELECT count(*) AS n FROM edge WHERE kind = 5 AND subject = ? AND is_on = 1')
    this.#missing = db.prepare(
      `SELECT coalesce(sum(max(0, end_seq - released_to - held_above)), 0) AS missing,
         coalesce(sum(released_to - held_below), 0) AS released FROM (
         SELECT released_to, max(head_seq, coalesce((SELECT beat.seq FROM beat JOIN device ON device.author_id = log.author_id
             AND device.key = log.device AND device.status = 'active' WHERE beat.log_id = log.log_id), 0)) AS end_seq,
           (SELECT coalesce(sum(to_seq - max(from_seq, released_to + 1) + 1), 0) FROM held_range
             WHERE held_range.log_id = log.log_id AND to_seq > released_to) AS held_above,
           (SELECT coalesce(sum(min(to_seq, released_to) - from_seq + 1), 0) FROM held_range
             WHERE held_range.log_id = log.log_id AND from_seq <= released_to) AS held_below
         FROM (SELECT *, CASE WHEN released_rank >= EXISTS (SELECT 1 FROM home_author
             WHERE home_author.author_id = log.author_id) THEN released_seq ELSE 0 END AS released_to FROM log
             WHERE author_id = ?) AS log)`,
    )
    this.#stats = db.prepare(
      `SELECT coalesce(sum(record_count), 0) AS records, coalesce(sum(record_bytes), 0) AS bytes,
              coalesce(sum(post_count), 0) AS posts, count(*) AS authors
       FROM author WHERE record_count > 0`,
    )
  }

  find(address: Uint8Array): PersonRow | null {
    const row = this.#person.get(address)
    if (row === undefined) return null
    return {
      authorId: row.author_id as number,
      name: (row.name as string | null) ?? '',
      profileBody: row.body as Uint8Array | null,
    }
  }

  /** Who is named here; those of the home timeline first, as many as these. */
  listNamed(limit: number): NamedPerson[] {
    return this.#named.all(limit).map((row) => ({
      authorId: row.author_id as number,
      address: row.address as Uint8Array,
      name: row.name as string,
    }))
  }

  /** Hidden by a decision, and with that left out of all counts. */
  isSilenced(authorId: number): boolean {
    return this.#silenced.get(authorId)?.is_silenced === 1
  }

  counts(authorId: number, address: Uint8Array): PersonCounts {
    const { missing, released } = this.#missing.get(authorId) ?? {}
    return {
      posts: Number(this.#posts.get(authorId)?.post_count ?? 0),
      following: Number(this.#following.get(authorId)?.n),
      followers: Number(this.#followers.get(address)?.n),
      missing: Number(missing),
      ...(Number(released) > 0 && { released: Number(released) }),
    }
  }

  stats(): { records: number; recordBytes: number; posts: number; authors: number } {
    const row = this.#stats.get()
    return {
      records: Number(row?.records),
      recordBytes: Number(row?.bytes),
      posts: Number(row?.posts),
      authors: Number(row?.authors),
    }
  }
}

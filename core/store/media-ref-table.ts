import type { DatabaseSync } from 'node:sqlite'

/** What a record says of a picture that it shows. */
export interface MediaClaim {
  readonly root: string
  readonly type: string
  /** Bytes. */
  readonly size: number
}

export interface MissingMedia extends MediaClaim {
  readonly author: Uint8Array
}

/** A record that shows a picture. */
export interface MediaReferrer {
  readonly authorId: number
  readonly kind: number
  readonly sortMs: number
}

/** Which records refer to which media roots (MED4), and what became of asking for them. */
export class MediaRefTable {
  readonly #add
  readonly #dropAll
  readonly #isReferred
  readonly #claim
  readonly #note
  readonly #here
  readonly #forgetHere
  readonly #failed
  readonly #state
  readonly #missing
  readonly #missingAvatars
  readonly #ofAuthor
  readonly #release
  readonly #referrers

  constructor(db: DatabaseSync) {
    this.#add = db.prepare('INSERT OR IGNORE INTO media_ref (record_key, root, type, size) VALUES (?, ?, ?, ?)')
    this.#dropAll = db.prepare('DELETE FROM media_ref WHERE record_key = ?')
    this.#isReferred = db.prepare('SELECT 1 AS yes FROM media_ref WHERE root = ? LIMIT 1')
    this.#claim = db.prepare(
      `SELECT media_ref.type AS type, media_ref.size AS size, author.address AS author
       FROM media_ref JOIN record USING (record_key) JOIN author USING (author_id)
       WHERE media_ref.root = ? ORDER BY record.sort_ms, record.id LIMIT 1`,
    )
    // A record that is new shows it: what was let go of is wanted again.
    this.#note = db.prepare(
      'INSERT INTO media_fetch (root) VALUES (?) ON CONFLICT (root) DO UPDATE SET is_released = 0 WHERE is_released = 1',
    )
    this.#here = db.prepare(
      `INSERT INTO media_fetch (root, is_here) VALUES (?, ?)
       ON CONFLICT (root) DO UPDATE SET is_here = excluded.is_here, is_released = 0, failures = 0, failed_ms = NULL`,
    )
    this.#forgetHere = db.prepare('UPDATE media_fetch SET is_here = 0 WHERE is_here = 1')
    this.#release = db.prepare('UPDATE media_fetch SET is_here = 0, is_released = 1 WHERE root = ?')
    this.#failed = db.prepare(
      `INSERT INTO media_fetch (root, failures, failed_ms) VALUES (?, 1, ?)
       ON CONFLICT (root) DO UPDATE SET failures = failures + 1, failed_ms = excluded.failed_ms`,
    )
    this.#state = db.prepare('SELECT is_here, failures FROM media_fetch WHERE root = ?')
    this.#missing = db.prepare(
      `SELECT media_ref.root AS root, media_ref.type AS type, media_ref.size AS size, author.address AS author
       FROM media_fetch JOIN media_ref USING (root) JOIN record USING (record_key) JOIN author USING (author_id)
       WHERE media_fetch.is_here = 0 AND is_released = 0 ORDER BY record.sort_ms DESC, record.id LIMIT ?`,
    )
    this.#missingAvatars = db.prepare(
      `SELECT media_ref.root AS root, media_ref.type AS type, media_ref.size AS size, author.address AS author
       FROM home_author JOIN profile USING (author_id) JOIN media_ref ON media_ref.record_key = profile.record_key
         JOIN media_fetch USING (root) JOIN author USING (author_id)
       WHERE media_fetch.is_here = 0 AND is_released = 0 ORDER BY profile.ts_ms DESC, profile.id LIMIT ?`,
    )
    this.#referrers = db.prepare(
      `SELECT record.author_id AS author_id, record.kind AS kind, record.sort_ms AS sort_ms
       FROM media_ref JOIN record USING (record_key) WHERE media_ref.root = ?`,
    )
    this.#ofAuthor = db.prepare(
      `SELECT count(*) AS known, coalesce(sum(is_here), 0) AS held FROM media_fetch WHERE root IN
         (SELECT media_ref.root FROM record JOIN media_ref USING (record_key) WHERE record.author_id = ?)`,
    )
  }

  add(recordKey: number, claims: readonly MediaClaim[]): void {
    for (const { root, type, size } of claims) {
      this.#add.run(recordKey, root, type, size)
      this.#note.run(root)
    }
  }

  dropAll(recordKey: number): void {
    this.#dropAll.run(recordKey)
  }

  isReferred(root: string): boolean {
    return this.#isReferred.get(root) !== undefined
  }

  /** What the earliest held record that shows this root claims of it. */
  findClaim(root: string): (MediaClaim & { author: Uint8Array }) | null {
    const row = this.#claim.get(root)
    if (row === undefined) return null
    return { root, type: row.type as string, size: row.size as number, author: row.author as Uint8Array }
  }

  noteHere(root: string, isHere: boolean): void {
    this.#here.run(root, isHere ? 1 : 0)
  }

  /** Nothing counts as being here any more until somebody looks: media.db is another one. */
  forgetHere(): void {
    this.#forgetHere.run()
  }

  /** It made room, and isn't asked for by itself. */
  release(root: string): void {
    this.#release.run(root)
  }

  /** The records that show a root, in no order; read while iterated. */
  *iterateReferrers(root: string): Generator<MediaReferrer, void, undefined> {
    for (const row of this.#referrers.iterate(root)) {
      yield { authorId: row.author_id as number, kind: row.kind as number, sortMs: row.sort_ms as number }
    }
  }

  noteFailed(root: string, nowMs: number): void {
    this.#failed.run(root, nowMs)
  }

  /** Roots that an author's records show, and how many of them are here. */
  countOf(authorId: number): { held: number; known: number } {
    const row = this.#ofAuthor.get(authorId)
    return { held: Number(row?.held), known: Number(row?.known) }
  }

  hasFailed(root: string): boolean {
    return ((this.#state.get(root)?.failures as number | undefined) ?? 0) > 0
  }

  /**
   * References to roots that aren't here by what this table knows: the faces of those whose posts stand in the home
   * timeline, then those of the newest records first. One for each record that shows a root, because who else shows it
   * mustn't decide whether it is wanted. Read while iterated; at most `limit` of each sort.
   */
  *iterateMissing(limit: number): Generator<MissingMedia, void, undefined> {
    for (const statement of [this.#missingAvatars, this.#missing]) {
      for (const row of statement.iterate(limit)) {
        yield {
          root: row.root as string,
          type: row.type as string,
          size: row.size as number,
          author: row.author as Uint8Array,
        }
      }
    }
  }
}

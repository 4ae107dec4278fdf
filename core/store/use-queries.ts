import type { SquareDatabase } from './square-database.ts'

/** What one author takes of the disk. */
export interface AuthorUse {
  readonly author: Uint8Array
  readonly records: number
  readonly recordBytes: number
  /** Pictures that this author's records show and that are here; what several show counts for each. */
  readonly mediaBytes: number
}

/** Whose the disk's room is. */
export class UseQueries {
  readonly #largest
  readonly #media

  constructor({ db }: Pick<SquareDatabase, 'db'>) {
    this.#largest = db.prepare(
      'SELECT author_id, address, record_count, record_bytes FROM author ORDER BY record_bytes DESC LIMIT ?',
    )
    this.#media = db.prepare(
      `SELECT coalesce(sum(size), 0) AS bytes FROM (
         SELECT media_ref.root, max(media_ref.size) AS size FROM record JOIN media_ref USING (record_key)
           JOIN media_fetch USING (root) WHERE record.author_id = ? AND media_fetch.is_here = 1 GROUP BY media_ref.root)`,
    )
  }

  /** The largest first. Reads every author, and all records of those it answers. */
  largest(limit: number): AuthorUse[] {
    return this.#largest.all(limit).map((row) => ({
      author: row.address as Uint8Array,
      records: row.record_count as number,
      recordBytes: row.record_bytes as number,
      mediaBytes: Number(this.#media.get(row.author_id as number)?.bytes),
    }))
  }
}

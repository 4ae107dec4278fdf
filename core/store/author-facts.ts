import type { DatabaseSync } from 'node:sqlite'
import { compareBytes } from '../util/bytes.ts'
import type { AuthorCounts } from './author-counts.ts'
import type { HomeTable } from './home-table.ts'
import type { IdentityTable } from './identity-table.ts'

export interface FactTables {
  readonly identities: IdentityTable
  readonly counts: AuthorCounts
  readonly home: HomeTable
}

/** What admission asks of the store about an author: few, indexed questions. */
export class AuthorFacts {
  readonly #tables: FactTables
  readonly #reposters
  readonly #repliers
  readonly #after
  readonly #from
  readonly #textOf

  constructor(db: DatabaseSync, tables: FactTables) {
    this.#tables = tables
    this.#reposters = db.prepare(
      `SELECT author.address AS address FROM edge JOIN author USING (author_id)
       WHERE edge.kind = 4 AND edge.subject = ? AND edge.is_on = 1 AND edge.subject_author = ? LIMIT 32`,
    )
    this.#repliers = db.prepare(
      `SELECT author.address AS address FROM post JOIN record USING (record_key) JOIN author USING (author_id)
       WHERE post.parent_id = ?1 OR post.root_id = ?1 LIMIT 32`,
    )
    this.#after = db.prepare(
      'SELECT address FROM author WHERE address > ? AND record_count > 0 ORDER BY address LIMIT ?',
    )
    this.#from = db.prepare('SELECT address FROM author WHERE address >= ? ORDER BY address LIMIT 1')
    this.#textOf = db.prepare(
      `SELECT 1 AS yes FROM record JOIN author USING (author_id)
       WHERE record.id = ? AND author.address = ? AND record.kind = 1 AND record.body IS NOT NULL`,
    )
  }

  /** True when the body of this post of this author lies here. */
  holdsTextOf(id: Uint8Array, author: Uint8Array): boolean {
    return this.#textOf.get(id, author) !== undefined
  }

  /** Me or somebody I follow. */
  isHomeAuthor(address: Uint8Array): boolean {
    const authorId = this.#tables.identities.findAuthor(address)
    return authorId !== undefined && this.#tables.home.hasAuthor(authorId)
  }

  heldOf(address: Uint8Array): { readonly records: number; readonly bytes: number } {
    const authorId = this.#tables.identities.findAuthor(address)
    return authorId === undefined ? { records: 0, bytes: 0 } : this.#tables.counts.heldOf(authorId)
  }

  /** True when a held repost or answer by one of the authors that `isKept` names refers to this post. */
  isReferredTo(id: Uint8Array, author: Uint8Array, isKept: (author: Uint8Array) => boolean): boolean {
    return (
      this.#reposters.all(id, author).some((row) => isKept(row.address as Uint8Array)) ||
      this.#repliers.all(id).some((row) => isKept(row.address as Uint8Array))
    )
  }

  /** Authors of whom anything is held, ascending, after `after`. */
  listAuthors(after: Uint8Array, limit: number): Uint8Array[] {
    return this.#after.all(after, limit).map((row) => row.address as Uint8Array)
  }

  /** The author with the lowest address that begins so; undefined for none. */
  findByPrefix(prefix: Uint8Array): Uint8Array | undefined {
    const address = this.#from.get(prefix)?.address as Uint8Array | undefined
    return address !== undefined && compareBytes(address.subarray(0, prefix.length), prefix) === 0 ? address : undefined
  }
}

import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../identity/hash.ts'
import { checkOperation, type IdentityOperation } from '../identity/operation.ts'

/** What is stored was verified when it came in. */
const STORED = { verify: () => null }

/**
 * From an authority's key to the chains that name it, now or once: how somebody who has nothing but the words or a
 * paper key finds their account. A slot's keys prove that they are held, a paper hash proves nothing.
 */
export class AuthorityTable {
  readonly #db: DatabaseSync
  readonly #add
  readonly #find

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#add = db.prepare('INSERT OR IGNORE INTO authority (key_hash, author_id) VALUES (?, ?)')
    this.#find = db.prepare(
      `SELECT author.address AS address FROM authority JOIN author USING (author_id)
       WHERE authority.key_hash = ?1 AND substr(author.address, 1, length(?2)) = ?2 ORDER BY author_id LIMIT ?3`,
    )
  }

  /** To be called for every operation that is stored, in its transaction. */
  note(authorId: number, operation: Pick<IdentityOperation, 'slots' | 'paperHash'>): void {
    for (const { key } of operation.slots.flatMap(({ keys }) => keys)) this.#add.run(sha256(key), authorId)
    if (operation.paperHash !== null) this.#add.run(operation.paperHash, authorId)
  }

  /** Addresses whose chains name this hash, those that begin with `start`, the longest held first. */
  find(keyHash: Uint8Array, start: Uint8Array, limit: number): Uint8Array[] {
    return this.#find.all(keyHash, start, limit).map((row) => row.address as Uint8Array)
  }

  /** Takes in what was stored before this table was there. To be called in a transaction. */
  fillOnce(): void {
    if (this.#db.prepare('SELECT 1 AS yes FROM authority LIMIT 1').get() !== undefined) return
    for (const row of this.#db.prepare('SELECT author_id, bytes FROM operation').iterate()) {
      const { operation } = checkOperation(row.bytes as Uint8Array, STORED)
      if (operation !== null) this.note(row.author_id as number, operation)
    }
  }
}

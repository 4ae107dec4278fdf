import type { MediaDatabase } from './media-database.ts'
import type { OwnDatabase, OwnRecordRow } from './own-database.ts'
import { RowWalk } from './row-walk.ts'
import type { SquareDatabase } from './square-database.ts'

const RECORD = 'header, signature, body, delete_id'

/** Every row that can be proven by itself, in the order in which it was written; for who looks whether it still says that. */
export class StoredRows {
  readonly ownRecords: RowWalk
  readonly ownOperations: RowWalk
  readonly operations: RowWalk
  readonly records: RowWalk
  readonly blocks: RowWalk
  readonly #own: OwnDatabase
  readonly #media: MediaDatabase
  readonly #dropOwn
  readonly #clearOwn
  readonly #hasOwn
  readonly #isTop
  readonly #dropOperation
  readonly #dropBlock
  readonly #rootsOf
  readonly #here

  constructor(databases: {
    readonly own: OwnDatabase
    readonly square: SquareDatabase
    readonly media: MediaDatabase
  }) {
    const { own, square, media } = databases
    this.#own = own
    this.#media = media
    this.ownRecords = new RowWalk(own.db, {
      source: 'own_record',
      key: 'own_record.rowid',
      columns: `device, seq, id, author, kind, ts_ms, ${RECORD}`,
    })
    this.ownOperations = new RowWalk(own.db, { source: 'own_operation', key: 'position', columns: 'bytes' })
    this.operations = new RowWalk(square.db, {
      source: 'operation LEFT JOIN author USING (author_id)',
      key: 'operation.rowid',
      columns: 'hash, bytes, address',
    })
    this.records = new RowWalk(square.db, {
      source:
        'record LEFT JOIN author ON author.author_id = record.author_id LEFT JOIN log ON log.log_id = record.log_id',
      key: 'record_key',
      columns: `id, author.address AS author, log.device AS device, log.author_id = record.author_id AS is_of_author, seq, kind, ts_ms, state, is_hidden, ${RECORD}`,
    })
    this.blocks = new RowWalk(media.db, { source: 'block', key: 'block.rowid', columns: 'cid, size, bytes' })
    this.#dropOwn = own.db.prepare('DELETE FROM own_record WHERE rowid = ?')
    this.#clearOwn = own.db.prepare('UPDATE own_record SET body = NULL WHERE rowid = ?')
    this.#hasOwn = own.db.prepare('SELECT 1 AS yes FROM own_record WHERE id = ?')
    this.#isTop = own.db.prepare('SELECT 1 AS yes FROM own_record WHERE device = ? AND seq > ? AND rowid <> ? LIMIT 1')
    this.#dropOperation = own.db.prepare('DELETE FROM own_operation WHERE position = ?')
    this.#dropBlock = media.db.prepare('DELETE FROM block WHERE rowid = ?')
    this.#rootsOf = media.db.prepare('SELECT DISTINCT root FROM dag_block WHERE cid = ?')
    this.#here = square.db.prepare('SELECT root FROM media_fetch WHERE is_here = 1 AND root > ? ORDER BY root LIMIT ?')
  }

  /** Puts the right row in the place of this one. */
  replaceOwn(rowKey: number, row: OwnRecordRow): void {
    this.#own.transaction(() => {
      this.#dropOwn.run(rowKey)
      this.#own.insert(row)
    })
  }

  /** The text is not what was signed: it is missing until somebody brings it. */
  clearOwnBody(rowKey: number): void {
    this.#own.transaction(() => this.#clearOwn.run(rowKey))
  }

  dropOwn(rowKey: number): void {
    this.#own.transaction(() => this.#dropOwn.run(rowKey))
  }

  hasOwn(id: Uint8Array): boolean {
    return this.#hasOwn.get(id) !== undefined
  }

  /** True when no other row of this log has a higher number. */
  isOwnTop(rowKey: number, device: Uint8Array, seq: number): boolean {
    return this.#isTop.get(device, seq, rowKey) === undefined
  }

  dropOwnOperation(position: number): void {
    this.#own.transaction(() => this.#dropOperation.run(position))
  }

  /** Returns the roots that are not whole any more. */
  dropBlock(rowKey: number, cid: unknown): string[] {
    const roots = cid instanceof Uint8Array ? this.#rootsOf.all(cid).map(({ root }) => root as string) : []
    this.#media.transaction(() => this.#dropBlock.run(rowKey))
    return roots
  }

  /** Roots that count as being here, after this one. */
  listHere(after: string, limit: number): string[] {
    return this.#here.all(after, limit).map(({ root }) => root as string)
  }
}

import type { DatabaseSync } from 'node:sqlite'

/** Nothing but a chain: no record, no log, no follow of mine. */
const UNUSED = `record_count = 0
  AND NOT EXISTS (SELECT 1 FROM home_author WHERE home_author.author_id = author.author_id)
  AND NOT EXISTS (SELECT 1 FROM log WHERE log.author_id = author.author_id)`

/** Authors, the operations of their chains and the devices that these list. Author numbers are local to this file. */
export class IdentityTable {
  readonly #findAuthor
  readonly #addAuthor
  readonly #address
  readonly #addOperation
  readonly #findOperation
  readonly #setOperationBytes
  readonly #dropOperation
  readonly #lastPosition
  readonly #operations
  readonly #setGenesis
  readonly #genesis
  readonly #dropDevices
  readonly #addDevice
  readonly #hasDevice
  readonly #authorOfDevice
  readonly #countUnused
  readonly #unused
  readonly #forget

  constructor(db: DatabaseSync) {
    this.#findAuthor = db.prepare('SELECT author_id FROM author WHERE address = ?')
    this.#addAuthor = db.prepare('INSERT INTO author (address) VALUES (?)')
    this.#address = db.prepare('SELECT address FROM author WHERE author_id = ?')
    this.#addOperation = db.prepare(
      'INSERT OR IGNORE INTO operation (hash, author_id, position, bytes) VALUES (?, ?, ?, ?)',
    )
    this.#findOperation = db.prepare('SELECT bytes FROM operation WHERE hash = ?')
    this.#setOperationBytes = db.prepare('UPDATE operation SET bytes = ? WHERE hash = ?')
    this.#dropOperation = db.prepare('DELETE FROM operation WHERE hash = ?')
    this.#lastPosition = db.prepare('SELECT max(position) AS last FROM operation WHERE author_id = ?')
    this.#operations = db.prepare('SELECT bytes FROM operation WHERE author_id = ? ORDER BY position, hash')
    this.#setGenesis = db.prepare('UPDATE author SET genesis_hash = ? WHERE author_id = ?')
    this.#genesis = db.prepare('SELECT genesis_hash FROM author WHERE author_id = ?')
    this.#dropDevices = db.prepare('DELETE FROM device WHERE author_id = ?')
    this.#addDevice = db.prepare('INSERT OR IGNORE INTO device (author_id, key) VALUES (?, ?)')
    this.#hasDevice = db.prepare('SELECT 1 AS yes FROM device WHERE author_id = ? AND key = ?')
    this.#authorOfDevice = db.prepare(
      'SELECT address FROM device JOIN author USING (author_id) WHERE key = ? ORDER BY author_id LIMIT 1',
    )
    this.#countUnused = db.prepare(`SELECT count(*) AS n FROM author WHERE ${UNUSED}`)
    this.#unused = db.prepare(`SELECT author_id, address FROM author WHERE ${UNUSED} ORDER BY author_id LIMIT ?`)
    this.#forget = ['operation', 'device', 'author'].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE author_id = ?`),
    )
  }

  /** Authors of whom only the chain is held. */
  countUnused(): number {
    return Number(this.#countUnused.get()?.n)
  }

  /** Forgets chains that nothing here needs, the longest held first. */
  forgetUnused(limit: number, isNeeded: (address: Uint8Array) => boolean): void {
    for (const row of this.#unused.all(limit)) {
      if (isNeeded(row.address as Uint8Array)) continue
      for (const statement of this.#forget) statement.run(row.author_id as number)
    }
  }

  findAuthor(address: Uint8Array): number | undefined {
    return this.#findAuthor.get(address)?.author_id as number | undefined
  }

  ensureAuthor(address: Uint8Array): number {
    return this.findAuthor(address) ?? Number(this.#addAuthor.run(address).lastInsertRowid)
  }

  addressOf(authorId: number): Uint8Array {
    return this.#address.get(authorId)?.address as Uint8Array
  }

  /** False when it was held already. */
  addOperation(authorId: number, operation: { hash: Uint8Array; bytes: Uint8Array; isGenesis: boolean }): boolean {
    // After all that are held, also where some have gone: others take them in this order.
    const last = (this.#lastPosition.get(authorId)?.last as number | null | undefined) ?? 0
    const position = operation.isGenesis ? 0 : last + 1
    return this.#addOperation.run(operation.hash, authorId, position, operation.bytes).changes === 1
  }

  /** Wire bytes. */
  findOperation(hash: Uint8Array): Uint8Array | undefined {
    return this.#findOperation.get(hash)?.bytes as Uint8Array | undefined
  }

  /** The same operation with more signatures. */
  setOperationBytes(hash: Uint8Array, bytes: Uint8Array): void {
    this.#setOperationBytes.run(bytes, hash)
  }

  dropOperation(hash: Uint8Array): void {
    this.#dropOperation.run(hash)
  }

  /** Wire bytes, genesis first. */
  listOperations(authorId: number): Uint8Array[] {
    return this.#operations.all(authorId).map((row) => row.bytes as Uint8Array)
  }

  /** What the chain says now. */
  setChain(authorId: number, chain: { genesisHash: Uint8Array; devices: readonly Uint8Array[] }): void {
    this.#setGenesis.run(chain.genesisHash, authorId)
    this.#dropDevices.run(authorId)
    for (const key of chain.devices) this.#addDevice.run(authorId, key)
  }

  /** Null while no chain is held. */
  genesisHash(authorId: number): Uint8Array | null {
    return (this.#genesis.get(authorId)?.genesis_hash as Uint8Array | null | undefined) ?? null
  }

  hasDevice(authorId: number, key: Uint8Array): boolean {
    return this.#hasDevice.get(authorId, key) !== undefined
  }

  /** Address of the author whose chain lists this device. */
  findAuthorOfDevice(key: Uint8Array): Uint8Array | null {
    return (this.#authorOfDevice.get(key)?.address as Uint8Array | undefined) ?? null
  }
}

import type { DeviceSeal } from '../identity/operation.ts'
import { equalBytes } from '../util/bytes.ts'
import { RecentMap } from '../util/recent-map.ts'
import { AuthorityTable } from './authority-table.ts'
import { bytesName } from './bytes-name.ts'
import type { SquareDatabase } from './square-database.ts'

/** Authors of whom it is remembered what the file says. */
const MAX_KNOWN = 32_768

/** Nothing but a chain, and perhaps beats of logs of which nothing came: no record, no follow of mine. */
const UNUSED = `record_count = 0
  AND NOT EXISTS (SELECT 1 FROM home_author WHERE home_author.author_id = author.author_id)
  AND NOT EXISTS (SELECT 1 FROM log WHERE log.author_id = author.author_id AND log.head_seq > 0)`

/** A device that may write, or might until it was sealed or retired. */
export interface ChainDevice {
  readonly key: Uint8Array
  readonly status: 'active' | 'sealed' | 'retired'
  /** Set unless active: the last record that counts. */
  readonly seal: DeviceSeal | null
}

/** Asked for with every record, and changed with a chain. */
interface KnownAuthor {
  readonly address: Uint8Array
  /** Undefined while nobody has asked. */
  genesisHash?: Uint8Array | null
  /** Names of their keys. */
  devices?: ReadonlySet<string>
}

/**
 * Authors, the operations of their chains and the devices that these list. Author numbers are local to this file. What
 * every record asks is remembered until the chain changes, the author is forgotten, or a transaction is undone.
 */
export class IdentityTable {
  readonly authorities: AuthorityTable
  readonly #findAuthor
  readonly #addAuthor
  readonly #address
  readonly #addOperation
  readonly #findOperation
  readonly #setOperationBytes
  readonly #dropOperation
  readonly #lastPosition
  readonly #operations
  readonly #countOperations
  readonly #setGenesis
  readonly #genesis
  readonly #dropDevices
  readonly #addDevice
  readonly #devices
  readonly #device
  readonly #setStale
  readonly #stale
  readonly #deviceKeys
  readonly #authorOfDevice
  readonly #countUnused
  readonly #unused
  readonly #forget
  readonly #ids = new RecentMap<string, number>(MAX_KNOWN)
  readonly #known = new RecentMap<number, KnownAuthor>(MAX_KNOWN)
  /** Who was asked about last: records come in runs of one author. */
  #last: { readonly authorId: number; readonly address: Uint8Array } | null = null
  #lastKnown: { readonly authorId: number; readonly known: KnownAuthor } | null = null

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>) {
    const { db } = square
    square.keep({
      forget: () => {
        this.#ids.clear()
        this.#known.clear()
        this.#forgetLast()
      },
    })
    this.authorities = new AuthorityTable(db)
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
    this.#countOperations = db.prepare('SELECT count(*) AS n FROM operation WHERE author_id = ?')
    this.#operations = db.prepare('SELECT bytes FROM operation WHERE author_id = ? ORDER BY position, hash')
    this.#setGenesis = db.prepare('UPDATE author SET genesis_hash = ? WHERE author_id = ?')
    this.#genesis = db.prepare('SELECT genesis_hash FROM author WHERE author_id = ?')
    this.#dropDevices = db.prepare('DELETE FROM device WHERE author_id = ?')
    this.#addDevice = db.prepare(
      'INSERT OR IGNORE INTO device (author_id, key, status, seal_seq, seal_id) VALUES (?, ?, ?, ?, ?)',
    )
    this.#devices = db.prepare('SELECT key, status, seal_seq, seal_id FROM device WHERE author_id = ? ORDER BY key')
    this.#device = db.prepare('SELECT key, status, seal_seq, seal_id FROM device WHERE author_id = ? AND key = ?')
    this.#setStale = db.prepare('UPDATE author SET is_chain_stale = ? WHERE author_id = ?')
    this.#stale = db.prepare('SELECT author_id FROM author WHERE is_chain_stale = 1 LIMIT ?')
    this.#deviceKeys = db.prepare('SELECT key FROM device WHERE author_id = ?')
    this.#authorOfDevice = db.prepare(
      'SELECT address FROM device JOIN author USING (author_id) WHERE key = ? ORDER BY author_id LIMIT 1',
    )
    this.#countUnused = db.prepare(`SELECT count(*) AS n FROM author WHERE ${UNUSED}`)
    this.#unused = db.prepare(`SELECT author_id, address FROM author WHERE ${UNUSED} ORDER BY author_id LIMIT ?`)
    this.#forget = [
      ...['beat', 'forking_beat'].map(
        (table) => `DELETE FROM ${table} WHERE log_id IN (SELECT log_id FROM log WHERE author_id = ?)`,
      ),
      ...['log', 'operation', 'device', 'authority', 'author'].map(
        (table) => `DELETE FROM ${table} WHERE author_id = ?`,
      ),
    ].map((sql) => db.prepare(sql))
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
      this.#ids.delete(bytesName(row.address as Uint8Array))
      this.#known.delete(row.author_id as number)
    }
    this.#forgetLast()
  }

  findAuthor(address: Uint8Array): number | undefined {
    if (this.#last !== null && equalBytes(this.#last.address, address)) return this.#last.authorId
    const name = bytesName(address)
    const authorId = this.#ids.get(name) ?? (this.#findAuthor.get(address)?.author_id as number | undefined)
    if (authorId === undefined) return undefined
    this.#ids.set(name, authorId)
    this.#last = { authorId, address }
    return authorId
  }

  ensureAuthor(address: Uint8Array): number {
    return this.findAuthor(address) ?? Number(this.#addAuthor.run(address).lastInsertRowid)
  }

  addressOf(authorId: number): Uint8Array {
    return this.#know(authorId)?.address as Uint8Array
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

  countOperations(authorId: number): number {
    return Number(this.#countOperations.get(authorId)?.n)
  }

  /** Wire bytes, genesis first. */
  listOperations(authorId: number): Uint8Array[] {
    return this.#operations.all(authorId).map((row) => row.bytes as Uint8Array)
  }

  /** What the chain says now. */
  setChain(authorId: number, chain: { genesisHash: Uint8Array; devices: readonly ChainDevice[] }): void {
    this.#setGenesis.run(chain.genesisHash, authorId)
    this.#dropDevices.run(authorId)
    for (const { key, status, seal } of chain.devices) {
      this.#addDevice.run(authorId, key, status, seal?.lastSeq ?? null, seal?.headId ?? null)
    }
    this.#setStale.run(0, authorId)
    this.#known.delete(authorId)
    this.#forgetLast()
  }

  /** Operations have come that `setChain` doesn't know of. */
  markStale(authorId: number): void {
    this.#setStale.run(1, authorId)
  }

  listStale(limit: number): number[] {
    return this.#stale.all(limit).map((row) => row.author_id as number)
  }

  listDevices(authorId: number): ChainDevice[] {
    return this.#devices.all(authorId).map(toDevice)
  }

  findDevice(authorId: number, key: Uint8Array): ChainDevice | undefined {
    const row = this.#device.get(authorId, key)
    return row === undefined ? undefined : toDevice(row)
  }

  /** Null while no chain is held. */
  genesisHash(authorId: number): Uint8Array | null {
    const known = this.#know(authorId)
    if (known === undefined) return null
    known.genesisHash ??= (this.#genesis.get(authorId)?.genesis_hash as Uint8Array | null | undefined) ?? null
    return known.genesisHash
  }

  hasDevice(authorId: number, key: Uint8Array): boolean {
    const known = this.#know(authorId)
    if (known === undefined) return false
    known.devices ??= new Set(this.#deviceKeys.all(authorId).map((row) => bytesName(row.key as Uint8Array)))
    return known.devices.has(bytesName(key))
  }

  /** Address of the author whose chain lists this device. */
  findAuthorOfDevice(key: Uint8Array): Uint8Array | null {
    return (this.#authorOfDevice.get(key)?.address as Uint8Array | undefined) ?? null
  }

  #know(authorId: number): KnownAuthor | undefined {
    if (this.#lastKnown?.authorId === authorId) return this.#lastKnown.known
    const known = this.#known.get(authorId) ?? this.#read(authorId)
    if (known !== undefined) this.#lastKnown = { authorId, known }
    return known
  }

  #read(authorId: number): KnownAuthor | undefined {
    const address = this.#address.get(authorId)?.address as Uint8Array | undefined
    if (address === undefined) return undefined
    const author: KnownAuthor = { address }
    this.#known.set(authorId, author)
    return author
  }

  #forgetLast(): void {
    this.#last = null
    this.#lastKnown = null
  }
}

function toDevice(row: Record<string, unknown>): ChainDevice {
  const seal = row.seal_seq === null ? null : { lastSeq: row.seal_seq as number, headId: row.seal_id as Uint8Array }
  return { key: row.key as Uint8Array, status: row.status as ChainDevice['status'], seal }
}

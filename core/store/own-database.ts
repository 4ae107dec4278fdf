import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import { equalBytes } from '../util/bytes.ts'
import { DatabaseFile } from './database-file.ts'
import { ownMigrations } from './own-schema.ts'

/** 'PLBo' */
export const OWN_APPLICATION_ID = 0x504c_426f

export interface OwnRecordRow {
  readonly device: Uint8Array
  readonly seq: number
  readonly id: Uint8Array
  readonly author: Uint8Array
  readonly kind: number
  readonly tsMs: number
  readonly header: Uint8Array
  readonly signature: Uint8Array
  /** Null once it was deleted, by `deleteId`. */
  readonly body: Uint8Array | null
  readonly deleteId: Uint8Array | null
}

export interface PendingFollow {
  readonly target: Uint8Array
  readonly addresses: readonly string[]
  readonly sinceMs: number
}

/** own.db: the own log, the own identity chain and what this node alone knows. Each call is one durable transaction. */
export class OwnDatabase extends DatabaseFile {
  readonly #head
  readonly #atSeq
  readonly #insert
  readonly #dropBody
  readonly #mayBeEditsOf
  readonly #fillBody
  readonly #after
  readonly #count
  readonly #nextDevice
  readonly #deletesSince
  readonly #addOperation
  readonly #operations
  readonly #putPending
  readonly #dropPending
  readonly #pending
  readonly #putState
  readonly #dropState
  readonly #state

  /** @throws DatabaseError, DiskFullError */
  constructor(init: {
    readonly path: string
    readonly isSecureDelete?: boolean
    readonly synchronous?: 'FULL' | 'NORMAL'
  }) {
    super({
      path: init.path,
      applicationId: OWN_APPLICATION_ID,
      migrations: ownMigrations,
      synchronous: init.synchronous ?? 'FULL',
      isSecureDelete: init.isSecureDelete ?? true,
    })
    const db = this.db
    this.#head = db.prepare('SELECT seq, id, ts_ms FROM own_record WHERE device = ? ORDER BY seq DESC LIMIT 1')
    this.#atSeq = db.prepare('SELECT id FROM own_record WHERE device = ? AND seq = ?')
    this.#insert = db.prepare(
      `INSERT INTO own_record (device, seq, id, author, kind, ts_ms, header, signature, body, delete_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#dropBody = db.prepare(
      'UPDATE own_record SET body = NULL, delete_id = ? WHERE id = ? AND author = ? AND body IS NOT NULL AND kind IN (1, 2)',
    )
    // The id of the post stands somewhere in the body; whether as its subject is looked at afterwards.
    this.#mayBeEditsOf = db.prepare(
      `SELECT id, body FROM own_record
       WHERE author = ? AND kind = ${KIND.edit} AND body IS NOT NULL AND instr(body, ?) > 0`,
    )
    this.#fillBody = db.prepare('UPDATE own_record SET body = ? WHERE id = ? AND body IS NULL AND delete_id IS NULL')
    this.#after = db.prepare('SELECT * FROM own_record WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?')
    this.#count = db.prepare('SELECT count(*) AS n FROM own_record WHERE device = ?')
    this.#nextDevice = db.prepare('SELECT device FROM own_record WHERE device > ? ORDER BY device LIMIT 1')
    this.#deletesSince = db.prepare(
      'SELECT count(*) AS n FROM (SELECT 1 FROM own_record WHERE device = ? AND kind = 7 AND ts_ms > ? LIMIT 64)',
    )
    this.#addOperation = db.prepare('INSERT OR IGNORE INTO own_operation (bytes) VALUES (?)')
    this.#operations = db.prepare('SELECT bytes FROM own_operation ORDER BY position')
    this.#putPending = db.prepare(
      `INSERT INTO pending_follow (target, addresses, since_ms) VALUES (?, ?, ?)
       ON CONFLICT (target) DO UPDATE SET addresses = excluded.addresses`,
    )
    this.#dropPending = db.prepare('DELETE FROM pending_follow WHERE target = ?')
    this.#pending = db.prepare('SELECT target, addresses, since_ms FROM pending_follow ORDER BY since_ms, target')
    this.#putState = db.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)')
    this.#dropState = db.prepare('DELETE FROM state WHERE key = ?')
    this.#state = db.prepare('SELECT value FROM state WHERE key = ?')
  }

  /** The newest record of this device's log. */
  head(device: Uint8Array): { seq: number; id: Uint8Array; tsMs: number } | null {
    const row = this.#head.get(device)
    return row === undefined ? null : { seq: row.seq as number, id: row.id as Uint8Array, tsMs: row.ts_ms as number }
  }

  idAt(device: Uint8Array, seq: number): Uint8Array | null {
    return (this.#atSeq.get(device, seq)?.id as Uint8Array | undefined) ?? null
  }

  /** To be called in a transaction. */
  insert(row: OwnRecordRow): void {
    this.#insert.run(
      row.device,
      row.seq,
      row.id,
      row.author,
      row.kind,
      row.tsMs,
      row.header,
      row.signature,
      row.body,
      row.deleteId,
    )
  }

  /**
   * Drops the text of an own post or edit; a post takes its edits with it. True when there was one. To be called in a
   * transaction or alone.
   */
  dropBody(target: { id: Uint8Array; author: Uint8Array }, deleteId: Uint8Array): boolean {
    for (const row of this.#mayBeEditsOf.all(target.author, target.id)) {
      const decoded = decodeBody(KIND.edit, row.body as Uint8Array)
      const isEdit = decoded.ok && decoded.kind === 'edit' && equalBytes(decoded.body.subject.id, target.id)
      if (isEdit) this.#dropBody.run(deleteId, row.id as Uint8Array, target.author)
    }
    return this.#dropBody.run(deleteId, target.id, target.author).changes === 1
  }

  /** Puts back a body that was missing here; nothing where there is one or where it was deleted. */
  fillBody(id: Uint8Array, body: Uint8Array): void {
    this.#fillBody.run(body, id)
  }

  listAfter(device: Uint8Array, seq: number, limit: number): OwnRecordRow[] {
    return this.#after.all(device, seq, limit).map((row) => ({
      device: row.device as Uint8Array,
      seq: row.seq as number,
      id: row.id as Uint8Array,
      author: row.author as Uint8Array,
      kind: row.kind as number,
      tsMs: row.ts_ms as number,
      header: row.header as Uint8Array,
      signature: row.signature as Uint8Array,
      body: row.body as Uint8Array | null,
      deleteId: row.delete_id as Uint8Array | null,
    }))
  }

  /** Devices whose records lie here: this one, and what it was before. Costs the same for long logs as for short ones. */
  listDevices(): Uint8Array[] {
    const devices: Uint8Array[] = []
    for (let row = this.#nextDevice.get(new Uint8Array()); row !== undefined; ) {
      const device = row.device as Uint8Array
      devices.push(device)
      row = this.#nextDevice.get(device)
    }
    return devices
  }

  countRecords(device: Uint8Array): number {
    return Number(this.#count.get(device)?.n)
  }

  /** At most 64 are counted. */
  countDeletesSince(device: Uint8Array, tsMs: number): number {
    return Number(this.#deletesSince.get(device, tsMs)?.n)
  }

  hasRecords(): boolean {
    return this.db.prepare('SELECT 1 AS yes FROM own_record LIMIT 1').get() !== undefined
  }

  addOperations(operations: readonly Uint8Array[]): void {
    this.transaction(() => {
      for (const bytes of operations) this.#addOperation.run(bytes)
    })
  }

  /** Wire bytes in the order in which they were added. */
  listOperations(): Uint8Array[] {
    return this.#operations.all().map((row) => row.bytes as Uint8Array)
  }

  putPendingFollows(targets: readonly Uint8Array[], addresses: readonly string[], nowMs: number): void {
    const text = JSON.stringify(addresses)
    this.transaction(() => {
      for (const target of targets) this.#putPending.run(target, text, nowMs)
    })
  }

  dropPendingFollows(targets: readonly Uint8Array[]): void {
    this.transaction(() => {
      for (const target of targets) this.#dropPending.run(target)
    })
  }

  listPendingFollows(): PendingFollow[] {
    return this.#pending.all().map((row) => ({
      target: row.target as Uint8Array,
      addresses: JSON.parse(row.addresses as string) as string[],
      sinceMs: row.since_ms as number,
    }))
  }

  getState(key: string): string | null {
    return (this.#state.get(key)?.value as string | undefined) ?? null
  }

  setState(key: string, value: string | null): void {
    this.transaction(() => (value === null ? this.#dropState.run(key) : this.#putState.run(key, value)))
  }
}

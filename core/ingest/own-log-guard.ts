import type { Beat } from '../record/beat.ts'
import type { SignedRecord } from '../record/envelope.ts'
import type { OwnDatabase, OwnRecordRow } from '../store/own-database.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Logger } from '../util/logger.ts'

/**
 * Watches what comes back of the log of this device. Records that own.db lost (an older disk image was restored) are
 * taken in again, so that their seqs are never signed twice (LOG7); a different record at a seq that own.db has, or one
 * that follows a different one, means that a copy of this device signs elsewhere, and the log stops (LOG10).
 */
export class OwnLogGuard {
  readonly #own: OwnDatabase
  readonly #logger: Logger
  #device: Uint8Array | null = null
  #isForked = false

  constructor(components: { readonly own: OwnDatabase; readonly logger: Logger }) {
    this.#own = components.own
    this.#logger = components.logger
  }

  /** A device that is another one than before has a log of its own. */
  setDevice(device: Uint8Array | null): void {
    const isSame = device !== null && this.#device !== null && equalBytes(device, this.#device)
    if (!isSame) this.#isForked = false
    this.#device = device
  }

  /** What was seen of a fork before a stop stands in square.db. */
  noteForked(): void {
    this.#isForked = true
  }

  /** A copy of this device has signed other records. */
  get isForked(): boolean {
    return this.#isForked
  }

  /** A record of the own author that came from elsewhere; `deleteId` where it is deleted here already. */
  noteForeign(record: SignedRecord, deleteId: Uint8Array | null): void {
    const { header, id } = record
    if (this.#device === null || !equalBytes(header.device, this.#device)) return
    const held = this.#own.idAt(header.device, header.seq)
    const before = header.prev === null ? null : this.#own.idAt(header.device, header.seq - 1)
    const isOther = held !== null && !equalBytes(held, id)
    const followsOther = before !== null && header.prev !== null && !equalBytes(before, header.prev)
    if (isOther || followsOther) {
      this.#isForked = true
      this.#logger.error({ seq: header.seq }, 'another copy of this device has signed the same sequence number')
    } else if (held === null) {
      const row = toOwnRow(record)
      this.#own.transaction(() => this.#own.insert(deleteId === null ? row : { ...row, body: null, deleteId }))
      this.#logger.warn({ seq: header.seq }, 'took back an own record that this disk had lost')
    } else if (record.body !== null && deleteId === null) {
      this.#own.fillBody(id, record.body)
    }
  }

  /** A beat of the own author that came from elsewhere. */
  noteForeignBeat({ device, seq, head }: Beat): void {
    if (this.#device === null || !equalBytes(device, this.#device)) return
    const held = this.#own.idAt(device, seq)
    if (held === null || equalBytes(held, head)) return
    this.#isForked = true
    this.#logger.error({ seq }, 'another copy of this device says that its log ends with another record')
  }
}

export function toOwnRow(record: SignedRecord): OwnRecordRow {
  const { header } = record
  return {
    device: header.device,
    seq: header.seq,
    id: record.id,
    author: header.author,
    kind: header.kind,
    tsMs: header.ts,
    header: record.headerBytes,
    signature: record.signature,
    body: record.body,
    deleteId: record.absence?.reason === 'deleted' ? record.absence.deleteId : null,
  }
}

import type { SquareDatabase } from './square-database.ts'
import { prevOfStored } from './stored-header.ts'

/** A record beside a gap. */
export interface Beside {
  readonly id: Uint8Array
  readonly seq: number
  /** What its header names as the record before it; null where nobody asks, below the gap. */
  readonly prev: Uint8Array | null
  readonly effectiveMs: number
  readonly seenMs: number
  readonly isLate: boolean
}

/** Part of a log of which no record is held, body or not, between two that are. */
export interface LogGap {
  /** Null at the end of the log. */
  readonly above: Beside | null
  /** Null at its beginning. */
  readonly below: Beside | null
}

/** Logs whose last gap is remembered from one transaction to the next; of more, all are looked up again. */
const MAX_KNOWN = 8_192

/**
 * Where logs have gaps. What sync brings of a log lies side by side, and what gossip and archives bring comes at its end:
 * so the gap that one record leaves is the one that the next falls into. It is remembered until the log changes in
 * another way, or a transaction is undone. For logs that are one chain only.
 */
export class LogGaps {
  readonly #square: Pick<SquareDatabase, 'db' | 'keep'>
  readonly #above
  readonly #below
  /** The last gap of each log. */
  readonly #known = new Map<number, LogGap>()

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>) {
    const columns = 'id, seq, effective_ms, seen_ms, is_late'
    this.#square = square
    this.#above = square.db.prepare(
      `SELECT ${columns}, header FROM record WHERE log_id = ? AND seq >= ? ORDER BY seq LIMIT 1`,
    )
    this.#below = square.db.prepare(
      `SELECT ${columns} FROM record WHERE log_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1`,
    )
    square.keep({ flush: () => this.#bound(), forget: () => this.#known.clear() })
  }

  /** The gap that this seq lies in; null where something of it is held. */
  find(logId: number, seq: number): LogGap | null {
    const known = this.#known.get(logId)
    if (known !== undefined && (known.below?.seq ?? 0) < seq && seq < (known.above?.seq ?? Infinity)) return known
    const above = this.#above.get(logId, seq)
    if (above?.seq === seq) return null
    const below = this.#below.get(logId, seq)
    const gap: LogGap = {
      above: above === undefined ? null : fromRow(above, prevOfStored(above.header as Uint8Array)),
      below: below === undefined ? null : fromRow(below, null),
    }
    if (this.#square.db.isTransaction) this.#known.set(logId, gap)
    return gap
  }

  /** A record was put into the gap. What is left of it below is kept in mind, or above where the log grows upwards. */
  fill(logId: number, gap: LogGap, record: Beside): void {
    if (!this.#square.db.isTransaction) return
    const isUpwards = record.seq === (gap.below?.seq ?? 0) + 1
    this.#known.set(
      logId,
      isUpwards ? { above: gap.above, below: { ...record, prev: null } } : { ...gap, above: record },
    )
  }

  #bound(): void {
    if (this.#known.size > MAX_KNOWN) this.#known.clear()
  }

  /** Records of this log came, went or moved in another way. */
  forget(logId: number): void {
    this.#known.delete(logId)
  }
}

function fromRow(row: Record<string, unknown>, prev: Uint8Array | null): Beside {
  return {
    id: row.id as Uint8Array,
    seq: row.seq as number,
    prev,
    effectiveMs: row.effective_ms as number,
    seenMs: row.seen_ms as number,
    isLate: row.is_late === 1,
  }
}

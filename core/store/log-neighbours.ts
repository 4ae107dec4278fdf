import type { DatabaseSync } from 'node:sqlite'

const PROFILE = 6
/** Profile records that are passed over in search of another record. */
const MAX_PASSED_PROFILES = 64

/** When a record came, and whether that was late. */
export interface Arrival {
  readonly seenMs: number
  readonly isLate: boolean
}

/** The records next above and below a seq; null where there is none. */
export interface Neighbours {
  readonly above: Arrival | null
  readonly below: Arrival | null
}

/** When what stands beside a place in a log came. */
export class LogNeighbours {
  readonly #above
  readonly #below
  readonly #manyAbove
  readonly #manyBelow

  constructor(db: DatabaseSync) {
    this.#above = db.prepare(
      'SELECT seen_ms, is_late FROM record WHERE log_id = ? AND seq > ? ORDER BY seq, seen_ms LIMIT 1',
    )
    this.#below = db.prepare(
      'SELECT seen_ms, is_late FROM record WHERE log_id = ? AND seq < ? ORDER BY seq DESC, seen_ms LIMIT 1',
    )
    this.#manyAbove = db.prepare(
      `SELECT kind, seen_ms, is_late FROM record WHERE log_id = ? AND seq > ? ORDER BY seq, seen_ms LIMIT ${MAX_PASSED_PROFILES}`,
    )
    this.#manyBelow = db.prepare(
      `SELECT kind, seen_ms, is_late FROM record WHERE log_id = ? AND seq < ? ORDER BY seq DESC, seen_ms LIMIT ${MAX_PASSED_PROFILES}`,
    )
  }

  /** The one seen first of several with one seq. */
  find(logId: number, seq: number): Neighbours {
    return { above: toArrival(this.#above.get(logId, seq)), below: toArrival(this.#below.get(logId, seq)) }
  }

  /**
   * The same with profile records passed over, which come ahead of the rest (SYN8): where nothing else lies below, that
   * is the lower end of what is held. Of a long row of them the nearest one.
   */
  findBesideProfiles(logId: number, seq: number): Neighbours {
    const above = this.#manyAbove.all(logId, seq)
    const below = this.#manyBelow.all(logId, seq)
    const isEnd = below.length < MAX_PASSED_PROFILES
    return {
      above: toArrival(above.find(({ kind }) => kind !== PROFILE) ?? above[0]),
      below: toArrival(below.find(({ kind }) => kind !== PROFILE) ?? (isEnd ? undefined : below[0])),
    }
  }
}

function toArrival(row: Record<string, unknown> | undefined): Arrival | null {
  return row === undefined ? null : { seenMs: row.seen_ms as number, isLate: row.is_late === 1 }
}

import type { DatabaseSync } from 'node:sqlite'

/** Days that are kept. */
const MAX_DAYS = 400

/** What of a day came and went for one purpose. */
export interface TrafficRow {
  /** `2026-01-31` */
  readonly day: string
  readonly part: string
  readonly receivedBytes: number
  readonly sentBytes: number
}

/** The ledger of bytes by the day, in own.db: nobody else can give it back. */
export class TrafficTable {
  readonly #add
  readonly #trim
  readonly #list

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT INTO traffic (day, part, received_bytes, sent_bytes) VALUES (?, ?, ?, ?)
       ON CONFLICT (day, part) DO UPDATE SET received_bytes = received_bytes + excluded.received_bytes,
         sent_bytes = sent_bytes + excluded.sent_bytes`,
    )
    this.#trim = db.prepare(
      'DELETE FROM traffic WHERE day NOT IN (SELECT DISTINCT day FROM traffic ORDER BY day DESC LIMIT ?)',
    )
    this.#list = db.prepare(
      `SELECT day, part, received_bytes, sent_bytes FROM traffic
       WHERE day IN (SELECT DISTINCT day FROM traffic ORDER BY day DESC LIMIT ?) ORDER BY day DESC, part`,
    )
  }

  /** To be called in a transaction. */
  add(rows: readonly TrafficRow[]): void {
    for (const { day, part, receivedBytes, sentBytes } of rows) this.#add.run(day, part, receivedBytes, sentBytes)
    this.#trim.run(MAX_DAYS)
  }

  /** The newest days first. */
  list(days: number): TrafficRow[] {
    return this.#list.all(Math.min(days, MAX_DAYS)).map((row) => ({
      day: row.day as string,
      part: row.part as string,
      receivedBytes: row.received_bytes as number,
      sentBytes: row.sent_bytes as number,
    }))
  }
}

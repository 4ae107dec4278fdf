import type { DatabaseSync } from 'node:sqlite'

const MAX_HOLDERS = 256

export interface Holder {
  readonly peerId: string
  readonly isSeed: boolean
  /** Own records that it said it keeps. */
  readonly count: number
}

/** Which peer acknowledged which own records, as merged ranges. The 256 peers heard last are remembered. */
export class HoldingTable {
  readonly #holder
  readonly #putHolder
  readonly #trim
  readonly #dropOrphans
  readonly #rangesAround
  readonly #dropRange
  readonly #addRange
  readonly #seedsOf
  readonly #list
  readonly #ranges

  constructor(db: DatabaseSync) {
    this.#holder = db.prepare('SELECT holder_id FROM holder WHERE peer_id = ?')
    this.#putHolder = db.prepare(
      `INSERT INTO holder (peer_id, is_seed, noted_ms) VALUES (?, ?, ?)
       ON CONFLICT (peer_id) DO UPDATE SET is_seed = excluded.is_seed, noted_ms = excluded.noted_ms`,
    )
    this.#trim = db.prepare(
      'DELETE FROM holder WHERE holder_id NOT IN (SELECT holder_id FROM holder ORDER BY noted_ms DESC, holder_id DESC LIMIT ?)',
    )
    this.#dropOrphans = db.prepare('DELETE FROM holding WHERE holder_id NOT IN (SELECT holder_id FROM holder)')
    this.#rangesAround = db.prepare(
      'SELECT from_seq, to_seq FROM holding WHERE holder_id = ? AND device = ? AND from_seq <= ? AND to_seq >= ?',
    )
    this.#dropRange = db.prepare('DELETE FROM holding WHERE holder_id = ? AND device = ? AND from_seq = ?')
    this.#addRange = db.prepare('INSERT INTO holding (holder_id, device, from_seq, to_seq) VALUES (?, ?, ?, ?)')
    this.#seedsOf = db.prepare(
      `SELECT peer_id FROM holding JOIN holder USING (holder_id)
       WHERE device = ? AND from_seq <= ? AND to_seq >= ? AND is_seed = 1 ORDER BY noted_ms DESC LIMIT 16`,
    )
    this.#list = db.prepare(
      `SELECT peer_id, is_seed, coalesce(sum(to_seq - from_seq + 1), 0) AS n
       FROM holder LEFT JOIN holding ON holding.holder_id = holder.holder_id AND holding.device = ?
       GROUP BY holder.holder_id`,
    )
    this.#ranges = db.prepare(
      `SELECT from_seq, to_seq FROM holding JOIN holder USING (holder_id)
       WHERE device = ? AND is_seed = 1 ORDER BY from_seq`,
    )
  }

  /** To be called in a transaction. `seqs` in any order, at most a few thousand. */
  note(peerId: string, isSeed: boolean, device: Uint8Array, seqs: readonly number[], nowMs: number): void {
    this.#putHolder.run(peerId, isSeed ? 1 : 0, nowMs)
    const holderId = this.#holder.get(peerId)?.holder_id as number
    for (const [from, to] of toRanges(seqs)) this.#addMerged(holderId, device, from, to)
    if (this.#trim.run(MAX_HOLDERS).changes > 0) this.#dropOrphans.run()
  }

  #addMerged(holderId: number, device: Uint8Array, from: number, to: number): void {
    let low = from
    let high = to
    for (const row of this.#rangesAround.all(holderId, device, to + 1, from - 1)) {
      low = Math.min(low, row.from_seq as number)
      high = Math.max(high, row.to_seq as number)
      this.#dropRange.run(holderId, device, row.from_seq as number)
    }
    this.#addRange.run(holderId, device, low, high)
  }

  /** Seeds that keep this record, those heard last first. */
  seedsOf(device: Uint8Array, seq: number): string[] {
    return this.#seedsOf.all(device, seq, seq).map((row) => row.peer_id as string)
  }

  list(device: Uint8Array): Holder[] {
    return this.#list.all(device).map((row) => ({
      peerId: row.peer_id as string,
      isSeed: row.is_seed === 1,
      count: row.n as number,
    }))
  }

  /** Records of this device that at least one seed keeps. */
  countHeldBySeeds(device: Uint8Array): number {
    let count = 0
    let upTo = 0
    for (const row of this.#ranges.all(device)) {
      const to = row.to_seq as number
      if (to <= upTo) continue
      count += to - Math.max(upTo, (row.from_seq as number) - 1)
      upTo = to
    }
    return count
  }
}

/** Ascending, disjoint, merged. */
function toRanges(seqs: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && seq <= last[1] + 1) last[1] = Math.max(last[1], seq)
    else ranges.push([seq, seq])
  }
  return ranges
}

/**
 * Where a device's log is more than one chain (LOG3, LOG11). A seq is *forked* when two different records of it are known
 * of: both are held, or one is held and the record after it or a beat names another. It is *open* while one that is named isn't
 * held and there is room for it: below it a branch goes on that somebody else may have.
 */
import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../identity/hash.ts'
import { concatBytes, equalBytes } from '../util/bytes.ts'
import { LruMap } from '../util/lru-map.ts'
import type { SeqDigest } from './log-reader.ts'
import type { LogRow } from './log-table.ts'
import { prevOfStored } from './stored-header.ts'

/** Records with one (author, device, seq) that are kept: the lowest ids (LOG3). */
export const MAX_FORKS = 4

const DIGEST_BYTES = 8

/** Logs with more forks than one answer takes, of which it is known where the last one ended. */
const MAX_TURNS = 4_096

/** How a log stands at a seq: a chain, forked, or forked with a branch that goes on below and isn't held. */
export type LogLink = 'linked' | 'forked' | 'open'

export class ForkTable {
  readonly #idsAt
  readonly #headersAt
  readonly #servedAt
  readonly #put
  readonly #drop
  readonly #below
  readonly #open
  readonly #headsAt
  /** The lowest seq that was said last, by log: the next answer goes on below. */
  readonly #turns = new LruMap<number, number>(MAX_TURNS)

  constructor(db: DatabaseSync) {
    this.#idsAt = db.prepare('SELECT id FROM record WHERE log_id = ? AND seq = ? ORDER BY id')
    this.#headersAt = db.prepare('SELECT header FROM record WHERE log_id = ? AND seq = ?')
    // State 2 is a header whose body isn't here.
    this.#servedAt = db.prepare('SELECT id FROM record WHERE log_id = ? AND seq = ? AND state <> 2 ORDER BY id')
    this.#put = db.prepare('INSERT OR REPLACE INTO forked_seq (log_id, seq, is_open) VALUES (?, ?, ?)')
    this.#drop = db.prepare('DELETE FROM forked_seq WHERE log_id = ? AND seq = ?')
    this.#below = db.prepare('SELECT seq FROM forked_seq WHERE log_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?')
    this.#headsAt = db.prepare(
      `SELECT head FROM beat WHERE log_id = ?1 AND seq = ?2
       UNION ALL SELECT head FROM forking_beat WHERE log_id = ?1 AND seq = ?2`,
    )
    this.#open = db.prepare('SELECT seq FROM forked_seq WHERE log_id = ? AND is_open = 1 ORDER BY seq DESC LIMIT ?')
  }

  /**
   * To be called when a record was written: how its log stands there and just below. `isBeside`: others of that seq were
   * held before.
   */
  judge(log: LogRow, record: { id: Uint8Array; seq: number; prev: Uint8Array | null }, isBeside: boolean): LogLink {
    const { logId } = log
    const { seq } = record
    if (!log.isForked && !isBeside && this.#fits(log, record)) return 'linked'
    const below = seq > 1 ? this.#judge(logId, seq - 1) : 'linked'
    const here = this.#judge(logId, seq)
    if (below === 'open' || here === 'open') return 'open'
    return below === 'forked' ? below : here
  }

  /** To be called when a beat was kept that names another record of this seq than is held, if any is. */
  judgeBeat(logId: number, seq: number): LogLink {
    return this.#judge(logId, seq)
  }

  /** True when something is held at this seq, and not the record with this id. */
  contradicts(logId: number, seq: number, id: Uint8Array): boolean {
    const ids = this.#idsAt.all(logId, seq).map((row) => row.id as Uint8Array)
    return ids.length > 0 && !ids.some((held) => equalBytes(held, id))
  }

  /** The newest `limit` open seqs, descending. */
  listOpen(logId: number, limit: number): number[] {
    return this.#open.all(logId, limit).map((row) => row.seq as number)
  }

  /** At most `limit` forked seqs, descending. Where there are more, each answer goes on where the one before ended. */
  listForked(logId: number, limit: number): number[] {
    const list = (below: number, count: number) => this.#below.all(logId, below, count).map((row) => row.seq as number)
    const top = Number.MAX_SAFE_INTEGER
    const newest = list(top, limit + 1)
    if (newest.length <= limit) return newest
    const seqs = list(this.#turns.get(logId) ?? top, limit)
    const missing = limit - seqs.length
    // The end was reached: the rest of the answer begins anew, and so does the next one after it.
    const all = missing === 0 ? seqs : [...newest.slice(0, missing), ...seqs]
    this.#turns.set(logId, missing === 0 ? (seqs.at(-1) as number) : (newest[missing - 1] as number))
    return [...new Set(all)].sort((a, b) => b - a)
  }

  /** What is held at this seq and can be handed on, in 8 bytes; null for nothing (SYN6). */
  digest(logId: number, seq: number): SeqDigest | null {
    const ids = this.#servedAt.all(logId, seq).map((row) => row.id as Uint8Array)
    return ids.length === 0 ? null : { seq, digest: digestOf(ids) }
  }

  /** The only record of its seq in a log that was one chain until now: that is nearly always so. */
  #fits(log: LogRow, { id, seq, prev }: { id: Uint8Array; seq: number; prev: Uint8Array | null }): boolean {
    const { logId, beatSeq } = log
    const below = prev === null ? undefined : (this.#idsAt.get(logId, seq - 1)?.id as Uint8Array | undefined)
    if (below !== undefined && prev !== null && !equalBytes(below, prev)) return false
    const above = this.#headersAt.get(logId, seq + 1)?.header as Uint8Array | undefined
    const named = above === undefined ? null : prevOfStored(above)
    if (named !== null && !equalBytes(named, id)) return false
    return beatSeq !== seq || this.#headsAt.all(logId, seq).every((row) => equalBytes(row.head as Uint8Array, id))
  }

  #judge(logId: number, seq: number): LogLink {
    const ids = this.#idsAt.all(logId, seq).map((row) => row.id as Uint8Array)
    if (ids.length === 0) return 'linked'
    const named = [
      ...this.#headersAt.all(logId, seq + 1).map((row) => prevOfStored(row.header as Uint8Array)),
      ...this.#headsAt.all(logId, seq).map((row) => row.head as Uint8Array),
    ]
    const isUnknown = named.some((one) => one !== null && !ids.some((id) => equalBytes(id, one)))
    if (ids.length === 1 && !isUnknown) {
      this.#drop.run(logId, seq)
      return 'linked'
    }
    const isOpen = isUnknown && ids.length < MAX_FORKS
    this.#put.run(logId, seq, isOpen ? 1 : 0)
    return isOpen ? 'open' : 'forked'
  }
}

/** First 8 bytes of sha256 over the ascending ids. */
export function digestOf(ids: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(...ids)).subarray(0, DIGEST_BYTES)
}

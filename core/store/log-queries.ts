import type { SignedBeat } from '../record/beat.ts'
import { encodeRecord } from '../record/encode-record.ts'
import type { AuthorFacts } from './author-facts.ts'
import type {
  DeviceLogFacts,
  HeldLog,
  LogPlaces,
  OpenTail,
  PrivateRow,
  ProfilePlace,
  SeqDigest,
  SeqRange,
} from './log-reader.ts'
import type { LogFacts } from './log-table.ts'
import type { Rank } from './rank.ts'
import { RECORD_STATE } from './record-table.ts'
import type { SquareDatabase } from './square-database.ts'
import type { SquareTables } from './square-tables.ts'
import { wholeHeader } from './stored-header.ts'

const MAX_RANGES = 64
const MAX_AUTHORS = 512
const PAGE_ROWS = 64
const MAX_DEVICE_LOGS = 512
const MAX_PRIVATE_ROWS = 1_000
const MAX_PLACES = 512
const MAX_OPEN = 4
const MAX_TAILS = 4_096
/** Forked seqs that are said of one log at a time, besides its tip (SYN6). */
const MAX_LISTED_FORKS = 8

/** What authors are to this node. */
export interface RankBook {
  rankOf(author: Uint8Array): Rank
}
/**
 * The logs of an author for people. What is held is counted in ranges, of which a log has few, and what lies twice at one
 * seq besides: to count the records of a big account takes half a second.
 */
export const DEVICE_LOGS_SQL = `
  SELECT log.device AS device, log.head_seq AS head_seq, log.is_forked AS is_forked, head.id AS id, head.ts_ms AS ts_ms,
    (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM held_range WHERE held_range.log_id = log.log_id)
      + (SELECT coalesce(sum(max(0, (SELECT count(*) FROM record AS twin
          WHERE twin.log_id = forked_seq.log_id AND twin.seq = forked_seq.seq AND twin.state <> 2) - 1)), 0)
        FROM forked_seq WHERE forked_seq.log_id = log.log_id) AS records,
    (SELECT count(*) FROM record WHERE record.log_id = log.log_id AND is_hidden = 1) AS hidden
  FROM log LEFT JOIN record AS head ON head.record_key = (
    SELECT record_key FROM record AS newest WHERE newest.log_id = log.log_id ORDER BY seq DESC, id LIMIT 1)
  WHERE log.author_id = ? ORDER BY log.device LIMIT ?`

/** What the protocols read of the logs; all answers bounded. */
export class LogQueries {
  readonly #tables: SquareTables
  readonly #facts: AuthorFacts
  readonly #ranks: RankBook
  readonly #inRange
  readonly #deviceLogs
  readonly #private
  readonly #profile

  constructor(components: {
    readonly square: SquareDatabase
    readonly tables: SquareTables
    readonly facts: AuthorFacts
    readonly ranks: RankBook
  }) {
    this.#tables = components.tables
    this.#facts = components.facts
    this.#ranks = components.ranks
    // State 2 is a header whose body isn't here: for others that is a hole.
    this.#inRange = components.square.db.prepare(
      `SELECT seq, kind, ts_ms, state, header, signature, body, delete_id FROM record
       WHERE log_id = ? AND seq BETWEEN ? AND ? AND state <> 2 ORDER BY seq DESC, record_key DESC LIMIT ? OFFSET ?`,
    )
    this.#private = components.square.db.prepare(
      `SELECT record_key, id, ts_ms, body FROM record JOIN author USING (author_id)
       WHERE author.address = ? AND kind = 13 AND state = 0 AND is_hidden = 0 AND record_key > ?
       ORDER BY record_key LIMIT ?`,
    )
    this.#profile = components.square.db.prepare(
      `SELECT log.device AS device, record.seq AS seq FROM profile JOIN record USING (record_key) JOIN log USING (log_id)
       WHERE profile.author_id = ?`,
    )
    this.#deviceLogs = components.square.db.prepare(DEVICE_LOGS_SQL)
  }

  listDeviceLogs(author: Uint8Array): DeviceLogFacts[] {
    const authorId = this.#tables.identities.findAuthor(author)
    if (authorId === undefined) return []
    return this.#deviceLogs.all(authorId, MAX_DEVICE_LOGS).map((row) => ({
      device: row.device as Uint8Array,
      records: row.records as number,
      hidden: row.hidden as number,
      head:
        row.id === null ? null : { seq: row.head_seq as number, id: row.id as Uint8Array, tsMs: row.ts_ms as number },
      isForked: row.is_forked === 1,
    }))
  }

  /** Private records of an author that count, in the order in which they were written here, after that of this key. */
  listPrivate(author: Uint8Array, afterKey: number, limit: number): PrivateRow[] {
    return this.#private.all(author, afterKey, Math.min(limit, MAX_PRIVATE_ROWS)).map((row) => ({
      recordKey: row.record_key as number,
      id: row.id as Uint8Array,
      tsMs: row.ts_ms as number,
      body: row.body as Uint8Array,
    }))
  }

  listAuthors(after: Uint8Array | null, limit: number): Uint8Array[] {
    return this.#facts.listAuthors(after ?? new Uint8Array(), Math.min(limit, 4_096))
  }

  findByPrefix(prefixes: readonly Uint8Array[]): Uint8Array[] {
    return prefixes.slice(0, MAX_AUTHORS).flatMap((prefix) => this.#facts.findByPrefix(prefix) ?? [])
  }

  listHeld(authors: readonly Uint8Array[]): HeldLog[] {
    const { identities, logs } = this.#tables
    return authors.slice(0, MAX_AUTHORS).flatMap((author) => {
      const authorId = identities.findAuthor(author)
      if (authorId === undefined) return []
      return logs.listOfAuthor(authorId).map((log) => this.#heldOf(author, log))
    })
  }

  listDigests(places: readonly LogPlaces[]): SeqDigest[][] {
    const { forks } = this.#tables
    let left = MAX_PLACES
    return places.map(({ author, device, seqs }) => {
      const logId = this.#findLog(author, device)
      const looked = logId === undefined ? [] : seqs.slice(0, left)
      left -= looked.length
      return looked.flatMap((seq) => forks.digest(logId as number, seq) ?? [])
    })
  }

  listForks(logs: readonly Pick<LogPlaces, 'author' | 'device'>[]): SeqDigest[][] {
    const { forks } = this.#tables
    return logs.slice(0, MAX_PLACES).map(({ author, device }) => {
      const logId = this.#findLog(author, device)
      if (logId === undefined) return []
      return forks.listForked(logId, MAX_LISTED_FORKS).flatMap((seq) => forks.digest(logId, seq) ?? [])
    })
  }

  listBeats(logs: readonly Pick<LogPlaces, 'author' | 'device'>[]): (SignedBeat | null)[] {
    return logs.slice(0, MAX_PLACES).map(({ author, device }) => {
      const logId = this.#findLog(author, device)
      return logId === undefined ? null : this.#tables.beats.find(logId)
    })
  }

  listTails(limit: number): OpenTail[] {
    return this.#tables.beats.listTails(Math.min(limit, MAX_TAILS))
  }

  listOperations(authors: readonly Uint8Array[]): { author: Uint8Array; operations: Uint8Array[] }[] {
    const { identities } = this.#tables
    return authors.slice(0, MAX_AUTHORS).map((author) => {
      const authorId = identities.findAuthor(author)
      return { author, operations: authorId === undefined ? [] : identities.listOperations(authorId) }
    })
  }

  listProfilePlaces(authors: readonly Uint8Array[]): ProfilePlace[] {
    return authors.slice(0, MAX_AUTHORS).flatMap((author) => {
      const authorId = this.#tables.identities.findAuthor(author)
      const row = authorId === undefined ? undefined : this.#profile.get(authorId)
      return row === undefined ? [] : [{ author, device: row.device as Uint8Array, seq: row.seq as number }]
    })
  }

  readLog(
    author: Uint8Array,
    device: Uint8Array,
    range: SeqRange,
    maxBytes: number,
  ): { seq: number; record: Uint8Array }[] {
    const logId = this.#findLog(author, device)
    const records: { seq: number; record: Uint8Array }[] = []
    if (logId === undefined) return records
    let bytes = 0
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const rows = this.#inRange.all(logId, range[0], range[1], PAGE_ROWS, offset)
      for (const row of rows) {
        const deleteId = row.delete_id as Uint8Array | null
        const body = row.body as Uint8Array | null
        const headerBytes = headerIn(row, author, device)
        if (headerBytes === null) continue
        const record = encodeRecord({
          headerBytes,
          signature: row.signature as Uint8Array,
          body: row.state === RECORD_STATE.deleted ? null : body,
          absence: deleteId === null ? null : { reason: 'deleted', deleteId },
        })
        bytes += record.length
        // What one seq has stays together: whoever reads on goes on below it.
        const last = records.at(-1)
        if (bytes > maxBytes && last !== undefined && row.seq !== last.seq) return records
        records.push({ seq: row.seq as number, record })
      }
      if (rows.length < PAGE_ROWS) return records
    }
  }

  #heldOf(author: Uint8Array, { logId, device, isForked, next, beat, releasedSeq, releasedRank }: LogFacts): HeldLog {
    const { forks, logs, records } = this.#tables
    const ranges = logs.listRanges(logId, MAX_RANGES)
    const top = ranges.at(-1)
    const linked = next === null ? undefined : records.find(next.id)
    // Others at that seq may lie here, and don't stand for the one that the seal links to.
    const isHole = next !== null && (linked === undefined || linked.state === RECORD_STATE.missing)
    const isReleased = releasedSeq > 0 && this.#ranks.rankOf(author) <= releasedRank
    return {
      author,
      device,
      ranges: isHole ? without(ranges, next.seq).slice(-MAX_RANGES) : ranges,
      tip: top === undefined ? null : forks.digest(logId, top[1]),
      isForked,
      open: isForked ? forks.listOpen(logId, MAX_OPEN) : [],
      beat,
      ...(isReleased && { releasedTo: releasedSeq }),
    }
  }

  #findLog(author: Uint8Array, device: Uint8Array): number | undefined {
    const authorId = this.#tables.identities.findAuthor(author)
    return authorId === undefined ? undefined : this.#tables.logs.find(authorId, device)?.logId
  }
}

function headerIn(row: Record<string, unknown>, author: Uint8Array, device: Uint8Array): Uint8Array | null {
  const columns = { kind: row.kind as number, author, device, seq: row.seq as number, tsMs: row.ts_ms as number }
  return wholeHeader(row.header as Uint8Array, columns, row.body as Uint8Array | null)
}

function without(ranges: readonly SeqRange[], seq: number): SeqRange[] {
  return ranges.flatMap(([from, to]): SeqRange[] => {
    if (seq < from || seq > to) return [[from, to]]
    const parts: SeqRange[] = [
      [from, seq - 1],
      [seq + 1, to],
    ]
    return parts.filter(([first, last]) => first <= last)
  })
}

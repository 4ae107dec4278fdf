import { encodeRecord } from '../record/encode-record.ts'
import type { AuthorFacts } from './author-facts.ts'
import type { DeviceLogFacts, HeldLog, PrivateRow, SeqRange } from './log-reader.ts'
import type { SquareDatabase } from './square-database.ts'
import type { SquareTables } from './square-tables.ts'

const MAX_RANGES = 64
const MAX_AUTHORS = 512
const PAGE_ROWS = 64
const MAX_DEVICE_LOGS = 512
const MAX_PRIVATE_ROWS = 1_000

/** What the protocols read of the logs; all answers bounded. */
export class LogQueries {
  readonly #tables: SquareTables
  readonly #facts: AuthorFacts
  readonly #inRange
  readonly #deviceLogs
  readonly #private

  constructor(components: {
    readonly square: SquareDatabase
    readonly tables: SquareTables
    readonly facts: AuthorFacts
  }) {
    this.#tables = components.tables
    this.#facts = components.facts
    // State 2 is a header whose body isn't here: for others that is a hole.
    this.#inRange = components.square.db.prepare(
      `SELECT seq, header, signature, CASE WHEN state = 1 THEN NULL ELSE body END AS body, delete_id FROM record
       WHERE log_id = ? AND seq BETWEEN ? AND ? AND state <> 2 ORDER BY seq DESC, id DESC LIMIT ? OFFSET ?`,
    )
    this.#private = components.square.db.prepare(
      `SELECT record_key, id, ts_ms, body FROM record JOIN author USING (author_id)
       WHERE author.address = ? AND kind = 13 AND state = 0 AND is_hidden = 0 AND record_key > ?
       ORDER BY record_key LIMIT ?`,
    )
    this.#deviceLogs = components.square.db.prepare(
      `SELECT log.device AS device, log.head_seq AS head_seq, log.is_forked AS is_forked, head.id AS id, head.ts_ms AS ts_ms,
         (SELECT count(*) FROM record WHERE record.log_id = log.log_id) AS records,
         (SELECT count(*) FROM record WHERE record.log_id = log.log_id AND is_hidden = 1) AS hidden
       FROM log LEFT JOIN record AS head ON head.record_key = (
         SELECT record_key FROM record WHERE record.log_id = log.log_id ORDER BY seq DESC, id LIMIT 1)
       WHERE log.author_id = ? ORDER BY log.device LIMIT ?`,
    )
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

  listHeld(authors: readonly Uint8Array[]): HeldLog[] {
    const { identities, logs } = this.#tables
    return authors.slice(0, MAX_AUTHORS).flatMap((author) => {
      const authorId = identities.findAuthor(author)
      if (authorId === undefined) return []
      return logs
        .listOfAuthor(authorId)
        .map(({ logId, device }) => ({ author, device, ranges: logs.listRanges(logId, MAX_RANGES) }))
    })
  }

  listOperations(authors: readonly Uint8Array[]): { author: Uint8Array; operations: Uint8Array[] }[] {
    const { identities } = this.#tables
    return authors.slice(0, MAX_AUTHORS).map((author) => {
      const authorId = identities.findAuthor(author)
      return { author, operations: authorId === undefined ? [] : identities.listOperations(authorId) }
    })
  }

  readLog(
    author: Uint8Array,
    device: Uint8Array,
    range: SeqRange,
    maxBytes: number,
  ): { seq: number; record: Uint8Array }[] {
    const { identities, logs } = this.#tables
    const authorId = identities.findAuthor(author)
    const log = authorId === undefined ? undefined : logs.find(authorId, device)
    const records: { seq: number; record: Uint8Array }[] = []
    if (log === undefined) return records
    let bytes = 0
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const rows = this.#inRange.all(log.logId, range[0], range[1], PAGE_ROWS, offset)
      for (const row of rows) {
        const deleteId = row.delete_id as Uint8Array | null
        const record = encodeRecord({
          headerBytes: row.header as Uint8Array,
          signature: row.signature as Uint8Array,
          body: row.body as Uint8Array | null,
          absence: deleteId === null ? null : { reason: 'deleted', deleteId },
        })
        bytes += record.length
        if (bytes > maxBytes && records.length > 0) return records
        records.push({ seq: row.seq as number, record })
      }
      if (rows.length < PAGE_ROWS) return records
    }
  }
}

import { encodeRecord } from '../record/encode-record.ts'
import { formatPlace, parsePlace } from './answer-place.ts'
import type { AnswerPage, AnswerQuestion } from './log-reader.ts'
import type { SquareDatabase } from './square-database.ts'
import type { SquareTables } from './square-tables.ts'
import { wholeHeader } from './stored-header.ts'

/** What one page says of: each with its edit and its author's profile that makes 96 records. */
const PAGE_ROWS = 32
/** A page ends where it has become so long. */
const MAX_PAGE_BYTES = 768 * 1024
const MAX_PAGE_OPERATIONS = 768

interface Found {
  readonly recordKey: number
  readonly authorId: number
  readonly editKey: number | null
  /** When it stands where it does, and what tells two of one moment apart. */
  readonly ms: number
  readonly rest: number | Uint8Array
}

const FOUND = 'record.record_key AS key, record.author_id AS author_id, post.edit_key AS edit_key'
const IS_HERE = 'record.state = 0 AND record.is_hidden = 0'

/**
 * What seeds look up for others, the newest first: what speaks to a person who is at home here, what answers a root (by
 * when it came), posts with a tag. Each page with the chains and profiles of who wrote it, so that it can be checked.
 */
export class AnswerQueries {
  readonly #tables: SquareTables
  readonly #inbox
  readonly #answers
  readonly #root
  readonly #tag
  readonly #record
  readonly #profile

  constructor(components: { readonly square: SquareDatabase; readonly tables: SquareTables }) {
    const { db } = components.square
    this.#tables = components.tables
    this.#inbox = db.prepare(
      `SELECT ${FOUND}, inbox.received_ms AS ms, inbox.entry_id AS rest FROM inbox
         JOIN author ON author.author_id = inbox.target_id JOIN record ON record.record_key = inbox.record_key
         LEFT JOIN post ON post.record_key = record.record_key
       WHERE author.address = ? AND inbox.received_ms >= ? AND (inbox.received_ms, inbox.entry_id) < (?, ?) AND ${IS_HERE}
       ORDER BY inbox.received_ms DESC, inbox.entry_id DESC LIMIT ${PAGE_ROWS + 1}`,
    )
    // The index of roots goes on with the row: the order in which posts came.
    this.#answers = db.prepare(
      `SELECT ${FOUND}, 0 AS ms, post.record_key AS rest FROM post JOIN record ON record.record_key = post.record_key
       WHERE post.root_id = ? AND post.record_key < ? AND ${IS_HERE}
       ORDER BY post.record_key DESC LIMIT ${PAGE_ROWS + 1}`,
    )
    this.#root = db.prepare(
      `SELECT ${FOUND}, 0 AS ms, 0 AS rest FROM record JOIN post ON post.record_key = record.record_key
       WHERE record.id = ? AND ${IS_HERE}`,
    )
    this.#tag = db.prepare(
      `SELECT ${FOUND}, post_tag.sort_ms AS ms, post_tag.id AS rest FROM post_tag
         JOIN record ON record.record_key = post_tag.record_key JOIN post ON post.record_key = record.record_key
       WHERE post_tag.tag = ? AND (post_tag.sort_ms, post_tag.id) < (?, ?) AND ${IS_HERE}
       ORDER BY post_tag.sort_ms DESC, post_tag.id DESC LIMIT ${PAGE_ROWS + 1}`,
    )
    this.#record = db.prepare(
      `SELECT record.kind, record.seq, record.ts_ms, record.header, record.signature, record.body,
         author.address AS author, log.device AS device
       FROM record JOIN author USING (author_id) JOIN log USING (log_id)
       WHERE record.record_key = ? AND ${IS_HERE}`,
    )
    this.#profile = db.prepare('SELECT record_key AS key FROM profile WHERE author_id = ?')
  }

  /** `cursor` that nobody gave counts as none. */
  read({ purpose, subject, since, cursor }: AnswerQuestion): AnswerPage {
    const place = parsePlace(cursor)
    const number = place !== null && typeof place.rest === 'number' ? place.rest : Number.MAX_SAFE_INTEGER
    const bytes = place !== null && typeof place.rest !== 'number' ? place.rest : new Uint8Array(33).fill(255)
    const ms = place?.ms ?? Number.MAX_SAFE_INTEGER
    if (purpose === 'collect') return this.#page(this.#inbox.all(subject, since, ms, number))
    if (purpose === 'tag') return this.#page(this.#tag.all(new TextDecoder().decode(subject), ms, bytes))
    const root = place === null ? this.#root.all(subject) : []
    return this.#page([...root, ...this.#answers.all(subject, number)])
  }

  #page(rows: readonly Record<string, unknown>[]): AnswerPage {
    const { identities } = this.#tables
    const found = rows.map(readFound)
    const operations: Uint8Array[] = []
    const records: Uint8Array[] = []
    const profiles: Uint8Array[] = []
    const authors = new Set<number>()
    let bytes = 0
    let last: Found | null = null
    for (const one of found.slice(0, PAGE_ROWS)) {
      const chain = authors.has(one.authorId) ? [] : identities.listOperations(one.authorId)
      const isFull = bytes > MAX_PAGE_BYTES || operations.length + chain.length > MAX_PAGE_OPERATIONS
      if (last !== null && isFull) break
      const added = chain.slice(0, MAX_PAGE_OPERATIONS)
      const said = [one.recordKey, one.editKey].flatMap((key) => this.#wireOf(key))
      const who = authors.has(one.authorId)
        ? []
        : this.#wireOf(this.#profile.get(one.authorId)?.key as number | undefined)
      for (const part of [...added, ...said, ...who]) bytes += part.length
      operations.push(...added)
      records.push(...said)
      profiles.push(...who)
      authors.add(one.authorId)
      last = one
    }
    const isAll = last === null || last === found.at(-1)
    return {
      operations,
      // Of somebody of whom nothing is held a profile alone isn't taken.
      records: [...records, ...profiles],
      next: isAll || last === null ? null : formatPlace(last),
      until: found[0]?.ms ?? 0,
    }
  }

  #wireOf(recordKey: number | null | undefined): Uint8Array[] {
    const row = recordKey === null || recordKey === undefined ? undefined : this.#record.get(recordKey)
    if (row === undefined || !(row.body instanceof Uint8Array)) return []
    const columns = {
      kind: row.kind as number,
      author: row.author as Uint8Array,
      device: row.device as Uint8Array,
      seq: row.seq as number,
      tsMs: row.ts_ms as number,
    }
    const headerBytes = wholeHeader(row.header as Uint8Array, columns, row.body)
    if (headerBytes === null) return []
    return [encodeRecord({ headerBytes, signature: row.signature as Uint8Array, body: row.body, absence: null })]
  }
}

function readFound(row: Record<string, unknown>): Found {
  return {
    recordKey: row.key as number,
    authorId: row.author_id as number,
    editKey: row.edit_key as number | null,
    ms: row.ms as number,
    rest: row.rest as number | Uint8Array,
  }
}

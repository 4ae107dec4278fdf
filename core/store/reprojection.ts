import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import { utf8 } from '../util/bytes.ts'
import type { Projections } from './projections.ts'
import { RECORD_STATE, type RecordTable } from './record-table.ts'
import type { SquareDatabase } from './square-database.ts'

/** Raised whenever records that lie here already mean more than before. */
export const PROJECTION_VERSION = '4'
/** Since which every kind is read that this version knows. */
const ALL_KINDS_VERSION = 2
const VERSION_KEY = 'projection-version'

/** Kinds that version 1 kept without reading them, and those of which it kept the last word only. */
const KINDS_SINCE_1: readonly number[] = [
  KIND.edit,
  KIND.reaction,
  KIND.repost,
  KIND.follow,
  KIND.block,
  KIND.label,
  KIND.list,
  KIND.listMember,
  KIND.pin,
]

const ROWS_PER_TRANSACTION = 1_000

/**
 * Reads records again that an earlier version has written: what it didn't know it kept (REC3), so an upgrade finds
 * everything. Goes on where a stop has cut it: what is projected twice is projected once.
 */
export class Reprojection {
  readonly #square: SquareDatabase
  readonly #records: RecordTable
  readonly #projections: Projections

  constructor(square: SquareDatabase, tables: { readonly records: RecordTable; readonly projections: Projections }) {
    this.#square = square
    this.#records = tables.records
    this.#projections = tables.projections
  }

  /** Returns the records that were read; nothing where this version has been here before. */
  run(): number {
    const value = this.#square.getMeta(VERSION_KEY)
    const done = value === null ? '1' : Buffer.from(value).toString()
    if (done === PROJECTION_VERSION) return 0
    // What is an edit of a post changes a text that must stand in the indexes by then.
    const indexed = this.#indexPosts()
    const read = Number(done) < ALL_KINDS_VERSION ? this.#readKinds() : 0
    this.#square.transaction(() => this.#square.setMeta(VERSION_KEY, utf8(PROJECTION_VERSION)))
    return indexed + read
  }

  #indexPosts(): number {
    for (let indexed = 0; ; ) {
      const more = this.#square.transaction(() => this.#projections.indexPosts(ROWS_PER_TRANSACTION))
      indexed += more
      if (more < ROWS_PER_TRANSACTION) return indexed
    }
  }

  #readKinds(): number {
    let read = 0
    for (let after = 0; ; ) {
      const rows = this.#records.listByKinds(KINDS_SINCE_1, after, ROWS_PER_TRANSACTION)
      this.#square.transaction(() => {
        for (const row of rows) {
          if (row.state !== RECORD_STATE.shown || row.body === null || row.isHidden) continue
          const decoded = decodeBody(row.kind, row.body)
          if (decoded.ok) this.#projections.apply(row, decoded)
          else this.#records.setBody(row, { ...row, state: RECORD_STATE.unreadable })
        }
      })
      read += rows.length
      if (rows.length < ROWS_PER_TRANSACTION) return read
      after = rows.at(-1)?.recordKey ?? after
    }
  }
}

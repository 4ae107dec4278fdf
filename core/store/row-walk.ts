import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isDamage } from './sqlite-errors.ts'

/** Past this there are no rows: numbers are given one after the other. */
const MAX_ROWID = 2 ** 42

export type WalkedRow = Readonly<Record<string, unknown>> & { readonly row_key: number }

export interface WalkedRows {
  readonly rows: readonly WalkedRow[]
  /** Where to go on; null at the end. */
  readonly next: number | null
  /** Places that SQLite could not read. */
  readonly unreadable: number
}

/**
 * Walks a table by the numbers of its rows, in bounded steps, and past pages that can't be read: a leaf that is damaged
 * hides its own rows, and those behind it are found by trying higher numbers. What the rows say is not to be trusted.
 */
export class RowWalk {
  readonly #many: StatementSync
  readonly #one: StatementSync

  /** `source`: FROM clause; `key`: its column that numbers the rows; `columns`: what is read beside it. */
  constructor(db: DatabaseSync, { source, key, columns }: { source: string; key: string; columns: string }) {
    const select = `SELECT ${key} AS row_key, ${columns} FROM ${source} WHERE ${key} > ? ORDER BY ${key}`
    this.#many = db.prepare(`${select} LIMIT ?`)
    this.#one = db.prepare(`${select} LIMIT 1`)
  }

  /** Rows after this number, 0 for the first. */
  read(after: number, limit: number): WalkedRows {
    try {
      const rows = this.#many.all(after, limit) as unknown as WalkedRow[]
      return { rows, next: rows.length < limit ? null : (rows.at(-1)?.row_key ?? null), unreadable: 0 }
    } catch (error) {
      if (!isDamage(error)) throw error
      return this.#readOneByOne(after, limit)
    }
  }

  #readOneByOne(after: number, limit: number): WalkedRows {
    const rows: WalkedRow[] = []
    let unreadable = 0
    let at = after
    let skip = 1
    for (let read = 0; read < limit; read++) {
      if (at >= MAX_ROWID) return { rows, next: null, unreadable }
      try {
        const row = this.#one.get(at) as WalkedRow | undefined
        if (row === undefined) return { rows, next: null, unreadable }
        rows.push(row)
        at = row.row_key
        skip = 1
      } catch (error) {
        if (!isDamage(error)) throw error
        unreadable++
        at += skip
        skip *= 2
      }
    }
    return { rows, next: at, unreadable }
  }
}

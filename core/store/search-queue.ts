import type { SquareDatabase } from './square-database.ts'

interface Change {
  /** What the index says under this key; null for nothing. */
  readonly was: string | null
  readonly is: string | null
}

/** How the index itself is written, under whole numbers as keys. */
export interface SearchWriter {
  readonly add: (key: number, text: string) => void
  /** `text` is what it was added with. */
  readonly drop: (key: number, text: string) => void
}

/**
 * What is to be written to the search index. Within a transaction changes stand in memory and are written before the
 * commit, in the order of their keys: FTS5 gathers what comes in rising order, and writes a segment whenever a key is
 * lower than the one before it, so that every edit and every deletion among new posts would cost as much as a hundred
 * of those.
 */
export class SearchQueue {
  readonly #square: Pick<SquareDatabase, 'db' | 'keep'>
  readonly #writer: SearchWriter
  readonly #open = new Map<number, Change>()

  constructor(square: Pick<SquareDatabase, 'db' | 'keep'>, writer: SearchWriter) {
    this.#square = square
    this.#writer = writer
    square.keep({ flush: () => this.#flush(), forget: () => this.#open.clear() })
  }

  /** Nothing stands under this key so far. */
  add(key: number, text: string): void {
    this.#note(key, { was: this.#open.get(key)?.was ?? null, is: text })
  }

  /** `text` is what it was added with. */
  drop(key: number, text: string): void {
    const open = this.#open.get(key)
    this.#note(key, { was: open === undefined ? text : open.was, is: null })
  }

  #note(key: number, change: Change): void {
    this.#open.set(key, change)
    if (!this.#square.db.isTransaction) this.#flush()
  }

  #flush(): void {
    const changed = [...this.#open].filter(([, { was, is }]) => was !== is).sort(([a], [b]) => a - b)
    this.#open.clear()
    for (const [key, { was, is }] of changed) {
      if (was !== null) this.#writer.drop(key, was)
      if (is !== null) this.#writer.add(key, is)
    }
  }
}

/** Writes into an FTS5 table that keeps no text of its own. */
export function createSearchWriter(
  { db }: Pick<SquareDatabase, 'db'>,
  table: 'post_search' | 'post_gram',
  column: 'text' | 'grams',
): SearchWriter {
  const add = db.prepare(`INSERT INTO ${table} (rowid, ${column}) VALUES (?, ?)`)
  const drop = db.prepare(`INSERT INTO ${table} (${table}, rowid, ${column}) VALUES ('delete', ?, ?)`)
  return { add: (key, text) => void add.run(key, text), drop: (key, text) => void drop.run(key, text) }
}

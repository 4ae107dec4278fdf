/** A row of a list: a post, a notification. */
export interface FeedRow {
  id: string
  repostedBy?: { profile: string } | null
}

export interface FeedPage<Row extends FeedRow> {
  items: Row[]
  /** Opaque; null at the end. */
  cursor: string | null
}

/** Pages of a list as they lie in the query cache, newest first. */
export interface FeedPages<Row extends FeedRow> {
  pages: FeedPage<Row>[]
  pageParams: unknown[]
}

/** Name of a row: a post and its repost may both stand in one list. */
export function rowKey(row: FeedRow): string {
  return row.repostedBy ? `${row.id} ${row.repostedBy.profile}` : row.id
}

/** All rows of all pages, each once: a page border may have moved between two requests. */
export function rowsOf<Row extends FeedRow>(pages: readonly { items: readonly Row[] }[] | undefined): Row[] {
  const seen = new Set<string>()
  const rows: Row[] = []
  for (const page of pages ?? []) {
    for (const row of page.items) {
      const key = rowKey(row)
      if (seen.has(key)) continue
      seen.add(key)
      rows.push(row)
    }
  }
  return rows
}

/**
 * Puts a fresh first page on top of what is loaded. Answers undefined when the two don't touch: between them lie rows
 * that nobody has asked for, and the list has to be read anew.
 */
export function mergeFirstPage<Row extends FeedRow>(
  data: FeedPages<Row>,
  fresh: FeedPage<Row>,
): FeedPages<Row> | undefined {
  const known = new Set(rowsOf(data.pages).map(rowKey))
  const touches = fresh.items.some((row) => known.has(rowKey(row)))
  if (!touches && known.size > 0 && fresh.items.length > 0) return undefined
  const [first, ...rest] = data.pages
  if (!first) return { pages: [fresh], pageParams: data.pageParams.slice(0, 1) }
  const taken = new Set(fresh.items.map(rowKey))
  const left = first.items.filter((row) => !taken.has(rowKey(row)))
  return {
    ...data,
    pages: [
      { items: [...fresh.items, ...left], cursor: first.cursor },
      ...rest.map((page) => ({ ...page, items: page.items.filter((row) => !taken.has(rowKey(row))) })),
    ],
  }
}

/** Where a reading is held. */
export interface FeedTop {
  key: string
  ts: number
}

export interface FeedWindow<Row> {
  /** What is drawn. */
  shown: Row[]
  /** How many newer rows wait behind the pill. */
  waiting: number
}

/**
 * Holds newer rows back while somebody is reading: everything above the row that was on top when the reading began
 * waits. Where that row is gone (deleted, a follow ended), the first row that is older takes its place.
 */
export function holdBack<Row extends FeedRow>(
  rows: readonly Row[],
  top: FeedTop | null,
  timeOf: (row: Row) => number,
): FeedWindow<Row> {
  if (!top) return { shown: [...rows], waiting: 0 }
  let at = rows.findIndex((row) => rowKey(row) === top.key)
  if (at < 0) at = rows.findIndex((row) => timeOf(row) <= top.ts)
  if (at <= 0) return { shown: [...rows], waiting: 0 }
  return { shown: rows.slice(at), waiting: at }
}

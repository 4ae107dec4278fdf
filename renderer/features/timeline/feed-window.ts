import type { PostPage, PostView } from '../../../core/contract/views.ts'

/** Pages of a list as they lie in the query cache, newest first. */
export interface FeedPages {
  pages: PostPage[]
  pageParams: unknown[]
}

/** Name of a row: a post and its repost may both stand in one list. */
export function rowKey(post: PostView): string {
  return post.repostedBy ? `${post.id} ${post.repostedBy.profile}` : post.id
}

/** All rows of all pages, each once: a page border may have moved between two requests. */
export function rowsOf(pages: readonly PostPage[] | undefined): PostView[] {
  const seen = new Set<string>()
  const rows: PostView[] = []
  for (const page of pages ?? []) {
    for (const post of page.items) {
      const key = rowKey(post)
      if (seen.has(key)) continue
      seen.add(key)
      rows.push(post)
    }
  }
  return rows
}

/**
 * Puts a fresh first page on top of what is loaded. Answers undefined when the two don't touch: between them lie posts
 * that nobody has asked for, and the list has to be read anew.
 */
export function mergeFirstPage(data: FeedPages, fresh: PostPage): FeedPages | undefined {
  const known = new Set(rowsOf(data.pages).map(rowKey))
  const touches = fresh.items.some((post) => known.has(rowKey(post)))
  if (!touches && known.size > 0 && fresh.items.length > 0) return undefined
  const [first, ...rest] = data.pages
  if (!first) return { pages: [fresh], pageParams: data.pageParams.slice(0, 1) }
  const taken = new Set(fresh.items.map(rowKey))
  const left = first.items.filter((post) => !taken.has(rowKey(post)))
  return {
    ...data,
    pages: [
      { items: [...fresh.items, ...left], cursor: first.cursor },
      ...rest.map((page) => ({ ...page, items: page.items.filter((post) => !taken.has(rowKey(post))) })),
    ],
  }
}

export interface FeedWindow {
  /** What is drawn. */
  shown: PostView[]
  /** How many newer rows wait behind the pill. */
  waiting: number
}

/**
 * Holds newer rows back while somebody is reading: everything above the row that was on top when the reading began
 * waits. Where that row is gone (deleted, a follow ended), the first row that is older takes its place.
 */
export function holdBack(rows: readonly PostView[], top: { key: string; ts: number } | null): FeedWindow {
  if (!top) return { shown: [...rows], waiting: 0 }
  let at = rows.findIndex((post) => rowKey(post) === top.key)
  if (at < 0) at = rows.findIndex((post) => post.ts <= top.ts)
  if (at <= 0) return { shown: [...rows], waiting: 0 }
  return { shown: rows.slice(at), waiting: at }
}

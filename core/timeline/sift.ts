import type { PostPage, PostView } from '../contract/views.ts'
import type { PageKey, PostRow } from '../store/post-queries.ts'
import { formatCursor } from './cursor.ts'

/** Posts of somebody that are looked at for a page of some of them: so many at once, so often. */
const ROWS = 50
const BITES = 6

export interface SiftInit {
  readonly after: PageKey | null
  readonly limit: number
  readonly read: (after: PageKey | null, limit: number) => readonly PostRow[]
  readonly view: (row: PostRow) => PostView
  readonly fits: (post: PostView) => boolean
}

/** A page of those that fit, of a bounded number that are looked at: it may be short and not the last. */
export function siftPosts({ after, limit, read, view, fits }: SiftInit): PostPage {
  const items: PostView[] = []
  let place = after
  for (let bite = 0; bite < BITES; bite++) {
    const rows = read(place, ROWS)
    for (const row of rows) {
      place = { sortMs: row.sortMs, id: row.id }
      const post = view(row)
      if (fits(post)) items.push(post)
      if (items.length === limit) return { items, cursor: formatCursor(place) }
    }
    if (rows.length < ROWS) return { items, cursor: null }
  }
  return { items, cursor: place === null ? null : formatCursor(place) }
}

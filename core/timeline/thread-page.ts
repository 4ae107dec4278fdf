import type { PostView, Silence, Thread } from '../contract/views.ts'
import type { PlacedPostRow, PostQueries } from '../store/post-queries.ts'
import type { ThreadQueries } from '../store/thread-queries.ts'
import { equalBytes } from '../util/bytes.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import type { PostViews } from './post-views.ts'
import type { ThreadQuery } from './reader.ts'
import { buildThread, type PlacedAnswer } from './thread-builder.ts'

const MAX_LIMIT = 500

interface ThreadComponents {
  readonly posts: Pick<PostQueries, 'findPlaced'>
  readonly threads: ThreadQueries
  readonly views: Pick<PostViews, 'view' | 'silenced'>
  /** Why somebody whose posts keep their place only isn't shown. */
  readonly silenceOf: (authorId: number) => Silence | undefined
}

/**
 * A page of the answers to a post, and with the first of them what it answers. The cursor is the place of the last answer
 * and its id: a page goes on after that answer wherever it stands by then, and at the place where it is gone.
 */
export function readThread(
  c: ThreadComponents,
  row: PlacedPostRow,
  query: ThreadQuery & { readonly hasAccount: boolean },
): Thread {
  const { ancestors, known, strange, missing } = buildThread(c, row, query.hasAccount)
  const view = (post: PlacedPostRow): PostView => {
    const silence = post.isSilenced && query.silenced !== true ? c.silenceOf(post.authorId) : undefined
    return silence === undefined ? c.views.view(post) : c.views.silenced(post, silence)
  }
  const { items, cursor } = pageOf(query.strangers === 'only' ? [] : known, strange, query)
  const replies = items.flatMap(({ answer, isStrange }) => {
    const post = c.posts.findPlaced(answer.id)
    if (post === null) return []
    const { depth, below, nearness } = answer
    return [{ depth, below, distance: nearness === 3 ? null : nearness, folded: isStrange, post: view(post) }]
  })
  return {
    ancestors: query.cursor === undefined ? ancestors.map(view) : [],
    post: view(row),
    replies,
    held: known.length + strange.length,
    strangers: strange.length,
    missing,
    cursor,
  }
}

function pageOf(known: readonly PlacedAnswer[], strange: readonly PlacedAnswer[], query: ThreadQuery) {
  const all = [
    ...known.map((answer) => ({ answer, isStrange: false })),
    ...(query.strangers === 'none' ? [] : strange).map((answer) => ({ answer, isStrange: true })),
  ].filter(({ answer }) => answer.depth <= (query.depth ?? Number.POSITIVE_INFINITY))
  const limit = Math.max(1, Math.min(MAX_LIMIT, Math.trunc(query.limit ?? MAX_LIMIT)))
  const after = parseCursor(query.cursor)
  const at = after === null ? -1 : all.findIndex(({ answer }) => equalBytes(answer.id, after.id))
  const start = after === null ? 0 : Math.max(0, (at < 0 ? after.sortMs : at) + 1)
  const items = all.slice(start, start + limit)
  const last = items.at(-1)
  const isEnd = last === undefined || start + items.length >= all.length
  return { items, cursor: isEnd ? null : formatCursor({ sortMs: start + items.length - 1, id: last.answer.id }) }
}

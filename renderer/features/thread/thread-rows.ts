import type { PostView, Thread } from '../../../core/contract/views.ts'

/** Deepest level that is indented; what lies deeper opens as a thread of its own. */
export const MAX_INDENT = 3

export interface ReplyRow {
  post: PostView
  /** 1 for a direct answer, at most MAX_INDENT. */
  indent: number
  /** How many answers below are left out here and stand behind "continue this branch". */
  folded: number
  /** A hairline parts this branch from the one before. */
  startsBranch: boolean
}

/** Rows of the answers of a thread, depth first as they come, cut at MAX_INDENT levels; `posts` stand in for those of their ids. */
export function replyRows(replies: Thread['replies'], posts: ReadonlyMap<string, PostView> = new Map()): ReplyRow[] {
  return replies
    .filter(({ depth }) => depth <= MAX_INDENT)
    .map(({ depth, below, post }) => ({
      post: posts.get(post.id) ?? post,
      indent: depth,
      folded: depth === MAX_INDENT ? below : 0,
      startsBranch: depth === 1,
    }))
}

/** People of a thread, each once, in the order in which they speak. */
export function speakersOf(thread: Thread): PostView[] {
  const seen = new Set<string>()
  return [...thread.ancestors, thread.post, ...thread.replies.map((reply) => reply.post)].filter((post) => {
    if (seen.has(post.author)) return false
    seen.add(post.author)
    return true
  })
}

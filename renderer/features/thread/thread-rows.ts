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

/** Rows of the answers of a thread, depth first as they come, cut at MAX_INDENT levels. */
export function replyRows(replies: Thread['replies']): ReplyRow[] {
  const rows: ReplyRow[] = []
  for (const { depth, post } of replies) {
    const last = rows.at(-1)
    if (depth > MAX_INDENT && last) {
      last.folded += 1
      continue
    }
    rows.push({ post, indent: Math.min(depth, MAX_INDENT), folded: 0, startsBranch: depth === 1 })
  }
  return rows
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

import type { PostView, Thread } from '../../../core/contract/views.ts'

const REPLY_LIMIT = 500

export interface ThreadPageInput {
  strangers?: 'all' | 'none' | 'only'
  depth?: number | undefined
  limit?: number
  cursor?: string | undefined
}

interface Placed {
  readonly id: string
  readonly author: string
  readonly ts: number
  readonly reply: string | null
}

interface ThreadPlace<P extends Placed> {
  readonly posts: ReadonlyMap<string, P>
  readonly ancestors: readonly P[]
  readonly missing: number
  readonly distanceOf: (author: string) => number | null
  readonly view: (post: P) => PostView
}

/** A page of a thread, strangers last; a branch is strange from the first stranger on. */
export function fakeThread<P extends Placed>(post: P, place: ThreadPlace<P>, page: ThreadPageInput): Thread {
  const { posts, ancestors, missing, view } = place
  const all: Thread['replies'] = []
  const hosts = new Set([post.author, ancestors[0]?.author ?? post.author])
  const visit = (id: string, depth: number, isStrange: boolean): number => {
    let below = 0
    const children = [...posts.values()].filter((other) => other.reply === id).sort((a, b) => a.ts - b.ts)
    for (const child of children) {
      const distance = hosts.has(child.author) ? 1 : place.distanceOf(child.author)
      const folded = isStrange || distance === null
      const reply = { depth, below: 0, distance, folded, post: view(child) }
      all.push(reply)
      reply.below = visit(child.id, depth + 1, folded)
      below += reply.below + 1
    }
    return below
  }
  visit(post.id, 1, false)
  const known = all.filter((reply) => !reply.folded)
  const strange = all.filter((reply) => reply.folded)
  const parts = { all: [...known, ...strange], none: known, only: strange }
  const { depth = Number.POSITIVE_INFINITY, limit = REPLY_LIMIT, cursor } = page
  const replies = parts[page.strangers ?? 'all'].filter((reply) => reply.depth <= depth)
  const from = Number(cursor ?? 0)
  return {
    ancestors: ancestors.map(view),
    post: view(post),
    replies: replies.slice(from, from + limit),
    held: all.length,
    strangers: strange.length,
    missing,
    cursor: from + limit < replies.length ? String(from + limit) : null,
  }
}

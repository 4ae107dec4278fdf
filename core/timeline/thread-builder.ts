import type { PlacedPostRow, PostQueries } from '../store/post-queries.ts'
import { toHex } from '../util/bytes.ts'

const MAX_REPLIES = 500
const MAX_ANCESTORS = 100
/** Posts that one thread may read: a hostile one has five hundred answers to each of five hundred answers. */
const MAX_READ = 2_000

export interface ThreadRows {
  /** Root first. */
  readonly ancestors: readonly PlacedPostRow[]
  readonly replies: readonly { readonly depth: number; readonly post: PlacedPostRow }[]
  /** Parents that are referred to and not held. */
  readonly missing: number
}

/**
 * The posts around one post: its parents up to the root, and what answers it, depth first, oldest branch first. What
 * answers a parent that isn't here, or that was deleted together with its place, hangs on the root; a deleted parent
 * stands there as such, and so does one of somebody who is silenced.
 */
export function buildThread(posts: PostQueries, post: PlacedPostRow): ThreadRows {
  const missing = new Set<string>()
  const ancestors = findAncestors(posts, post, missing)
  const replies: { depth: number; post: PlacedPostRow }[] = []
  const seen = new Set([toHex(post.id), ...ancestors.map(({ id }) => toHex(id))])
  descend(posts, post, 1, seen, replies)
  if (post.rootId === null) appendOrphans(posts, post, seen, replies, missing)
  return { ancestors, replies, missing: missing.size }
}

function findAncestors(posts: PostQueries, post: PlacedPostRow, missing: Set<string>): PlacedPostRow[] {
  const ancestors: PlacedPostRow[] = []
  let parentId = post.parentId
  while (parentId !== null && ancestors.length < MAX_ANCESTORS) {
    const parent = posts.findPlaced(parentId)
    if (parent === null) {
      missing.add(toHex(parentId))
      break
    }
    ancestors.unshift(parent)
    parentId = parent.parentId
  }
  // Past a gap the root is still named by every answer.
  const top = ancestors[0] ?? post
  const root = top.rootId === null ? null : posts.findPlaced(top.rootId)
  const isThere = root === null || ancestors.some(({ recordKey }) => recordKey === root.recordKey)
  return isThere ? ancestors : [root, ...ancestors]
}

/** With a stack of its own: a thread may be as deep as it is long. */
function descend(
  posts: PostQueries,
  top: PlacedPostRow,
  topDepth: number,
  seen: Set<string>,
  replies: { depth: number; post: PlacedPostRow }[],
): void {
  const stack = childrenOf(posts, top, topDepth, seen, MAX_REPLIES - replies.length)
  while (stack.length > 0 && replies.length < MAX_REPLIES) {
    const next = stack.pop() as { depth: number; post: PlacedPostRow }
    replies.push(next)
    stack.push(...childrenOf(posts, next.post, next.depth + 1, seen, MAX_REPLIES - replies.length))
  }
}

/** Youngest first, so that the oldest is taken off the stack first. */
function childrenOf(posts: PostQueries, parent: PlacedPostRow, depth: number, seen: Set<string>, room: number) {
  const fresh = posts
    .answers(parent.id, Math.min(room, Math.max(0, MAX_READ - seen.size)))
    .filter(({ id }) => !seen.has(toHex(id)))
  for (const { id } of fresh) seen.add(toHex(id))
  return fresh.map((post) => ({ depth, post })).reverse()
}

function appendOrphans(
  posts: PostQueries,
  root: PlacedPostRow,
  seen: Set<string>,
  replies: { depth: number; post: PlacedPostRow }[],
  missing: Set<string>,
): void {
  for (const orphan of posts.inThread(root.id, MAX_REPLIES)) {
    if (replies.length >= MAX_REPLIES || seen.has(toHex(orphan.id)) || orphan.parentId === null) continue
    const parent = posts.findPlaced(orphan.parentId)
    if (parent === null) {
      missing.add(toHex(orphan.parentId))
      seen.add(toHex(orphan.id))
      replies.push({ depth: 1, post: orphan })
      descend(posts, orphan, 2, seen, replies)
    } else if (parent.parentId === null && !seen.has(toHex(parent.id))) {
      // Deleted, and with its text the place where it stood.
      seen.add(toHex(parent.id))
      replies.push({ depth: 1, post: parent })
      descend(posts, parent, 2, seen, replies)
    }
  }
}

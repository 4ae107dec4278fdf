import { bytesName } from '../store/bytes-name.ts'
import type { PlacedPostRow, PostQueries } from '../store/post-queries.ts'
import type { AnswerRow, Nearness, ThreadQueries } from '../store/thread-queries.ts'
import { compareBytes, equalBytes } from '../util/bytes.ts'

const MAX_ANCESTORS = 100
/** Answers that are put in order, some hundred bytes each: a thread of more shows those of people one knows all the same. */
const MAX_ANSWERS = 10_000
const MAX_NEAR = 2_000
/** Parents outside of the thread that are looked for, and said of a hostile one that names a new one each time. */
const MAX_LOOKS = 500

const STRANGER = 3

/** An answer at its place. */
export interface PlacedAnswer {
  readonly id: Uint8Array
  /** 1 answers the post itself, or stands for a branch that hangs in the air. */
  readonly depth: number
  /** Answers below it in the same part. */
  readonly below: number
  readonly nearness: Nearness
}

export interface ThreadRows {
  /** Root first. */
  readonly ancestors: readonly PlacedPostRow[]
  /** Branches in which somebody speaks whom the reader knows, depth first, the nearest first and then the oldest. */
  readonly known: readonly PlacedAnswer[]
  /** All other branches, depth first, oldest first. */
  readonly strange: readonly PlacedAnswer[]
  /** Parents that are referred to and not held. */
  readonly missing: number
}

interface Node {
  readonly id: Uint8Array
  readonly name: string
  readonly sortMs: number
  readonly nearness: Nearness
  readonly children: Node[]
  /** Of whoever is nearest in this branch. */
  reach: Nearness
  /** Answers below by strangers to whom nobody whom one knows has answered, and all. */
  strangeBelow: number
  below: number
}

interface BuilderComponents {
  readonly posts: Pick<PostQueries, 'findPlaced'>
  readonly threads: ThreadQueries
}

/**
 * The posts around one post: its parents up to the root, and what answers it, by how far away from the reader whoever speaks
 * is. A branch stands where the nearest in it would, so that what somebody answered stands above that answer. Whoever wrote
 * the post or its root is as near as anybody here; and to a reader without an account, everybody is.
 *
 * What answers a parent that isn't here, or that was deleted together with its place, hangs on the root; a deleted parent
 * stands there as such, and so does one of somebody who is silenced.
 */
export function buildThread(c: BuilderComponents, post: PlacedPostRow, hasAccount: boolean): ThreadRows {
  const missing = new Set<string>()
  const ancestors = findAncestors(c.posts, post, missing)
  const hosts = new Set([post.authorId, (ancestors[0] ?? post).authorId])
  const nearnessOf = ({ authorId, nearness }: Pick<AnswerRow, 'authorId' | 'nearness'>): Nearness =>
    !hasAccount || hosts.has(authorId) ? 1 : nearness
  const seen = new Set([bytesName(post.id), ...ancestors.map(({ id }) => bytesName(id))])
  const nodes = new Map<string, Node>()
  const rows = answersOf(c.threads, post)
  for (const row of rows) {
    const name = bytesName(row.id)
    if (!seen.has(name) && !nodes.has(name)) nodes.set(name, newNode(row, name, nearnessOf(row)))
  }
  const top: Node[] = []
  const orphans: { node: Node; parentId: Uint8Array }[] = []
  const placed = new Set<string>()
  const own = bytesName(post.id)
  for (const row of rows) {
    const node = nodes.get(bytesName(row.id))
    if (node === undefined || placed.has(node.name)) continue
    placed.add(node.name)
    const parentName = bytesName(row.parentId)
    const parent = nodes.get(parentName)
    if (parentName === own) top.push(node)
    else if (parent === undefined) orphans.push({ node, parentId: row.parentId })
    else parent.children.push(node)
  }
  if (post.rootId === null) hangOrphans(c.posts, orphans, { rootId: post.id, nodes, seen, top, missing, nearnessOf })
  const order = breadthFirst(top)
  for (const node of order.reverse()) settle(node)
  const known = new Lister((node) => node.reach < STRANGER)
  for (const node of top.sort(inOrder)) known.list(node)
  const strange = new Lister(() => true)
  for (const node of known.left.sort(inOrder)) strange.list(node)
  return { ancestors, known: known.answers, strange: strange.answers, missing: missing.size }
}

function answersOf(threads: ThreadQueries, post: PlacedPostRow): AnswerRow[] {
  if (post.rootId !== null) return threads.below(post.id, MAX_ANSWERS)
  const named = threads.inThread(post.id, MAX_ANSWERS)
  // Ten thousand strangers push nobody out whom the reader knows.
  return named.length < MAX_ANSWERS ? named : [...threads.nearInThread(post.id, MAX_NEAR), ...named]
}

function newNode({ id, sortMs }: Pick<AnswerRow, 'id' | 'sortMs'>, name: string, nearness: Nearness): Node {
  return { id, name, sortMs, nearness, children: [], reach: nearness, strangeBelow: 0, below: 0 }
}

/** After all that is below it. */
function settle(node: Node): void {
  for (const child of node.children) {
    if (child.reach < node.reach) node.reach = child.reach
    node.below += child.below + 1
    node.strangeBelow += child.reach < STRANGER ? child.strangeBelow : child.below + 1
  }
}

function inOrder(a: Node, b: Node): number {
  return a.reach - b.reach || a.sortMs - b.sortMs || compareBytes(a.id, b.id)
}

function breadthFirst(top: readonly Node[]): Node[] {
  const order = [...top]
  for (let i = 0; i < order.length; i++) for (const child of (order[i] as Node).children) order.push(child)
  return order
}

/** Depth first, with a stack of its own: a thread may be as deep as it is long. */
class Lister {
  readonly answers: PlacedAnswer[] = []
  /** Branches that don't belong. */
  readonly left: Node[] = []
  readonly #belongs

  constructor(belongs: (node: Node) => boolean) {
    this.#belongs = belongs
  }

  list(top: Node): void {
    const stack = [{ node: top, depth: 1 }]
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { node, depth } = next
      if (!this.#belongs(node)) {
        this.left.push(node)
        continue
      }
      const below = node.reach < STRANGER ? node.below - node.strangeBelow : node.below
      this.answers.push({ id: node.id, depth, below, nearness: node.nearness })
      for (const child of node.children.sort(inOrder).toReversed()) stack.push({ node: child, depth: depth + 1 })
    }
  }
}

function findAncestors(posts: BuilderComponents['posts'], post: PlacedPostRow, missing: Set<string>): PlacedPostRow[] {
  const ancestors: PlacedPostRow[] = []
  let parentId = post.parentId
  while (parentId !== null && ancestors.length < MAX_ANCESTORS) {
    const parent = posts.findPlaced(parentId)
    if (parent === null) {
      missing.add(bytesName(parentId))
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

interface Branches {
  readonly rootId: Uint8Array
  readonly nodes: Map<string, Node>
  readonly seen: ReadonlySet<string>
  readonly top: Node[]
  readonly missing: Set<string>
  readonly nearnessOf: (row: Pick<AnswerRow, 'authorId' | 'nearness'>) => Nearness
}

function hangOrphans(
  posts: BuilderComponents['posts'],
  orphans: readonly { node: Node; parentId: Uint8Array }[],
  { rootId, nodes, seen, top, missing, nearnessOf }: Branches,
): void {
  let looks = 0
  for (const { node, parentId } of orphans) {
    const name = bytesName(parentId)
    const known = nodes.get(name)
    if (known !== undefined) {
      known.children.push(node)
      continue
    }
    const parent = missing.has(name) || seen.has(name) || looks++ >= MAX_LOOKS ? null : posts.findPlaced(parentId)
    if (parent === null) {
      missing.add(name)
      top.push(node)
    } else if (parent.rootId !== null) {
      // Of this thread, and left out for its length; what another thread has stays there.
      if (equalBytes(parent.rootId, rootId)) top.push(node)
    } else if (parent.parentId === null) {
      // Deleted, and with its text the place where it stood.
      const gone = newNode(parent, name, nearnessOf({ authorId: parent.authorId, nearness: STRANGER }))
      nodes.set(name, gone)
      gone.children.push(node)
      top.push(gone)
    }
  }
}

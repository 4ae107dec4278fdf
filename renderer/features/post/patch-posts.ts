import type { Person, PostView } from '../../../core/contract/views.ts'

/**
 * Replaces one post wherever it stands in an answer of the API: a page, a list of pages, a thread or the post itself.
 * Answers the same object when the post isn't in it, so that nothing is drawn again without need.
 */
export function patchPost(data: unknown, id: string, change: (post: PostView) => PostView): unknown {
  if (isPost(data)) return data.id === id ? change(data) : data
  if (Array.isArray(data)) {
    const patched = data.map((item) => patchPost(item, id, change))
    return patched.some((item, i) => item !== data[i]) ? patched : data
  }
  if (typeof data !== 'object' || data === null) return data
  let result: Record<string, unknown> | undefined
  for (const key of HOLDERS) {
    const value = (data as Record<string, unknown>)[key]
    if (value === undefined || value === null) continue
    const patched = patchPost(value, id, change)
    if (patched !== value) {
      result ??= { ...data }
      result[key] = patched
    }
  }
  return result ?? data
}

/** Gives the posts and reposts of one person their present name and picture. */
export function patchPerson(data: unknown, person: Person): unknown {
  let result = data
  for (const id of postIdsOf(data)) {
    result = patchPost(result, id, (post) => {
      const isReposter = post.repostedBy?.profile === person.profile
      if (post.author !== person.profile && !isReposter) return post
      return {
        ...post,
        ...(post.author === person.profile ? { name: person.name, avatar: person.avatar } : {}),
        ...(isReposter ? { repostedBy: person } : {}),
      }
    })
  }
  return result
}

/** Ids of all posts in an answer of the API. */
export function postIdsOf(data: unknown, into = new Set<string>()): Set<string> {
  if (isPost(data)) into.add(data.id)
  else if (Array.isArray(data)) for (const item of data) postIdsOf(item, into)
  else if (typeof data === 'object' && data !== null) {
    for (const key of HOLDERS) postIdsOf((data as Record<string, unknown>)[key], into)
  }
  return into
}

const HOLDERS = ['pages', 'items', 'ancestors', 'post', 'replies'] as const

function isPost(value: unknown): value is PostView {
  return typeof value === 'object' && value !== null && 'id' in value && 'counts' in value && 'state' in value
}

export function withReaction(post: PostView, emoji: string | null): PostView {
  if ((post.mine.reaction === null) === (emoji === null)) return { ...post, mine: { ...post.mine, reaction: emoji } }
  return {
    ...post,
    mine: { ...post.mine, reaction: emoji },
    counts: { ...post.counts, reactions: Math.max(0, post.counts.reactions + (emoji === null ? -1 : 1)) },
  }
}

export function withRepost(post: PostView, isReposted: boolean): PostView {
  if (post.mine.reposted === isReposted) return post
  return {
    ...post,
    mine: { ...post.mine, reposted: isReposted },
    counts: { ...post.counts, reposts: Math.max(0, post.counts.reposts + (isReposted ? 1 : -1)) },
  }
}

/** What a post is after its author deleted it: the header stays, what it said goes. */
export function withDeletion(post: PostView, now: number): PostView {
  return { ...post, state: 'deleted', deletedAt: now, text: '', media: [], lang: null, holding: null }
}

import type { MediaView } from '../../../core/contract/media.ts'
import type { Person, PostView, SignCount } from '../../../core/contract/views.ts'
import { isOneSign, signKey } from '../../../core/record/sign-text.ts'

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
      const { quote } = post
      const isQuoted = quote?.author === person.profile && quote.state !== 'hidden'
      if (post.author !== person.profile && !isReposter && !isQuoted) return post
      return {
        ...post,
        ...(post.author === person.profile ? { name: person.name, avatar: person.avatar } : {}),
        ...(isReposter ? { repostedBy: person } : {}),
        ...(isQuoted ? { quote: { ...quote, name: person.name, avatar: person.avatar } } : {}),
      }
    })
  }
  return result
}

/** Ids of all posts in an answer of the API. */
export function postIdsOf(data: unknown, into = new Set<string>()): Set<string> {
  eachPost(data, ({ id }) => into.add(id))
  return into
}

/** Ids of the posts in an answer of the API that show one of `ids`: it is them, or they quote it. */
export function postsShowing(data: unknown, ids: ReadonlySet<string>, into = new Set<string>()): Set<string> {
  eachPost(data, ({ id, quote }) => {
    if (ids.has(id) || (quote !== undefined && ids.has(quote.id))) into.add(id)
  })
  return into
}

function eachPost(data: unknown, visit: (post: PostView) => void): void {
  if (isPost(data)) visit(data)
  else if (Array.isArray(data)) for (const item of data) eachPost(item, visit)
  else if (typeof data === 'object' && data !== null) {
    for (const key of HOLDERS) eachPost((data as Record<string, unknown>)[key], visit)
  }
}

const HOLDERS = ['pages', 'items', 'ancestors', 'post', 'replies'] as const

function isPost(value: unknown): value is PostView {
  return typeof value === 'object' && value !== null && 'id' in value && 'counts' in value && 'state' in value
}

export function withReaction(post: PostView, emoji: string | null): PostView {
  const { reaction } = post.mine
  const change = (emoji === null ? 0 : 1) - (reaction === null ? 0 : 1)
  return {
    ...post,
    mine: { ...post.mine, reaction: emoji },
    counts: { ...post.counts, reactions: Math.max(0, post.counts.reactions + change) },
    signs: withSign(post.signs ?? [], reaction, emoji),
  }
}

/** In the order in which they stand, so that nothing moves under a press; a sign that is new goes to the end. */
function withSign(signs: readonly SignCount[], before: string | null, after: string | null): SignCount[] {
  const keyOf = (sign: string | null) => (sign === null ? null : signKey(sign))
  if (keyOf(before) === keyOf(after)) return [...signs]
  const counted = signs.map(({ emoji, count }) => {
    const key = signKey(emoji)
    return { emoji, count: count + (key === keyOf(after) ? 1 : 0) - (key === keyOf(before) ? 1 : 0) }
  })
  const isNew = after !== null && isOneSign(after) && !signs.some(({ emoji }) => signKey(emoji) === keyOf(after))
  return [...counted.filter(({ count }) => count > 0), ...(isNew ? [{ emoji: after, count: 1 }] : [])]
}

export function withRepost(post: PostView, isReposted: boolean): PostView {
  if (post.mine.reposted === isReposted) return post
  return {
    ...post,
    mine: { ...post.mine, reposted: isReposted },
    counts: { ...post.counts, reposts: Math.max(0, post.counts.reposts + (isReposted ? 1 : -1)) },
  }
}

/** What is known of a picture's bytes, in the post and in what it quotes. */
export function withMediaState(post: PostView, cid: string, state: MediaView['state']): PostView {
  const isStale = (item: MediaView) => item.cid === cid && item.state !== state
  const { quote } = post
  if (!post.media.some(isStale) && quote?.media.some(isStale) !== true) return post
  const renew = (media: MediaView[]) => media.map((item) => (item.cid === cid ? { ...item, state } : item))
  return { ...post, media: renew(post.media), ...(quote && { quote: { ...quote, media: renew(quote.media) } }) }
}

/** What a post is after its author deleted it: the header stays, what it said goes. */
export function withDeletion(post: PostView, now: number): PostView {
  const { quote: _quote, warning: _warning, mentions: _mentions, signs: _signs, ...header } = post
  return { ...header, state: 'deleted', deletedAt: now, text: '', media: [], lang: null, holding: null }
}

import type { PostView } from '../core/contract/views.ts'
import { printable } from './output.ts'

/** A post as people read it on a terminal: who, when and why, then what it says. */
export function formatPost(post: PostView): string {
  const when = new Date(post.ts).toISOString().slice(0, 16).replace('T', ' ')
  const why = post.repostedBy ? ` · reposted by ${post.repostedBy.name || post.repostedBy.profile}` : ''
  const to = post.reply ? ` · to ${post.reply.parentName || post.reply.parent.author}` : ''
  const warned = post.warning === undefined ? '' : `(warning: ${post.warning}) `
  const text = post.state === 'shown' ? `${warned}${post.text}` : `(${post.state})`
  const pictures = post.media.map((item) => `[picture: ${item.alt || item.cid}]`)
  return printable([`${post.name || post.author} · ${when}${why}${to} · ${post.id}`, text, ...pictures].join('\n'))
}

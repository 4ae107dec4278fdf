import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PostView, Thread } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'

export interface Unfolded {
  thread: Thread
  /** From now on this post is shown, whoever wrote it. */
  show: (id: string) => void
}

/** A thread with the posts that somebody has asked to see although their authors are muted or blocked. */
export function useUnfolded(thread: Thread): Unfolded {
  const { orpc } = useRpc()
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set())
  const { data } = useQuery({
    ...orpc.threads.get.queryOptions({ input: { id: thread.post.id, silenced: true } }),
    enabled: shown.size > 0,
  })
  const whole = new Map(
    data === undefined
      ? []
      : [...data.ancestors, data.post, ...data.replies.map(({ post }) => post)].map((post) => [post.id, post]),
  )
  const unfold = (post: PostView) => (shown.has(post.id) ? (whole.get(post.id) ?? post) : post)
  return {
    thread: {
      ...thread,
      ancestors: thread.ancestors.map(unfold),
      post: unfold(thread.post),
      replies: thread.replies.map(({ depth, post }) => ({ depth, post: unfold(post) })),
    },
    show: (id) => setShown((before) => new Set([...before, id])),
  }
}

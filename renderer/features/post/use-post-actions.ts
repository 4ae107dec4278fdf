import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { PostView } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useCause } from '../people/use-cause.ts'
import { patchPost, withDeletion, withReaction, withRepost } from './patch-posts.ts'

export type PostAct = 'react' | 'repost' | 'delete'

export interface PostFailure {
  act: PostAct
  cause: string
  retry: () => void
}

export interface PostActions {
  toggleReaction: () => void
  toggleRepost: () => void
  /** Answers whether the deletion stands on this disk. */
  remove: () => Promise<boolean>
  failure: PostFailure | undefined
}

const HEART = '❤'

/**
 * What can be done with a post. Reactions and reposts show at once wherever the post stands and are taken back, with the
 * cause, when the node refuses; presses in quick succession are carried out in order. A deletion shows once it stands.
 */
export function usePostActions(post: PostView): PostActions {
  const { client } = useRpc()
  const queryClient = useQueryClient()
  const cause = useCause()
  const [failure, setFailure] = useState<PostFailure>()
  const queue = useRef<Promise<void>>(Promise.resolve())
  const { id, mine } = post

  const apply = (change: (post: PostView) => PostView) => changePost(queryClient, id, change)

  const run = (act: 'react' | 'repost', change: Change, undo: Change, send: () => Promise<unknown>) => {
    setFailure(undefined)
    apply(change)
    queue.current = queue.current.then(async () => {
      try {
        await send()
      } catch (error) {
        apply(undo)
        setFailure({ act, cause: cause(error), retry: () => run(act, change, undo, send) })
      }
    })
  }

  return {
    failure,
    toggleReaction: () => {
      const before = mine.reaction
      const after = before === null ? HEART : null
      run(
        'react',
        (current) => withReaction(current, after),
        (current) => withReaction(current, before),
        () => (after === null ? client.reactions.remove({ id }) : client.reactions.add({ id, emoji: after })),
      )
    },
    toggleRepost: () => {
      const after = !mine.reposted
      run(
        'repost',
        (current) => withRepost(current, after),
        (current) => withRepost(current, !after),
        () => (after ? client.reposts.add({ id }) : client.reposts.remove({ id })),
      )
    },
    remove: async () => {
      setFailure(undefined)
      try {
        await client.posts.delete({ id })
        apply((current) => withDeletion(current, Date.now()))
        return true
      } catch (error) {
        setFailure({ act: 'delete', cause: cause(error), retry: () => setFailure(undefined) })
        return false
      }
    },
  }
}

type Change = (post: PostView) => PostView

/** Changes a post in every answer that is kept. */
export function changePost(queryClient: QueryClient, id: string, change: Change): void {
  for (const query of queryClient.getQueryCache().getAll()) {
    const patched = patchPost(query.state.data, id, change)
    if (patched !== query.state.data) queryClient.setQueryData(query.queryKey, patched)
  }
}

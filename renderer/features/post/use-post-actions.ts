import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { PostView } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useCause } from '../people/use-cause.ts'
import { patchPost, withReaction, withRepost } from './patch-posts.ts'
import { isSame } from './sign-picker.tsx'
import { useKept } from './use-kept.ts'

export type PostAct = 'react' | 'repost' | 'keep'

export interface PostFailure {
  act: PostAct
  cause: string
  retry: () => void
}

export interface PostActions {
  /** Gives a heart, or takes it back. */
  toggleHeart: () => void
  /** null takes the own reaction back. `before`: what it is where this window shows something older. */
  react: (emoji: string | null, before?: string | null) => void
  toggleRepost: () => void
  /** Marked on the own devices. */
  isKept: boolean
  /** `say` hears why it could not be, in the place of `failure`. */
  keep: (isKept: boolean, say?: (failure: PostFailure) => void) => void
  failure: PostFailure | undefined
}

const HEART = '❤'

/**
 * What can be done with a post. Reactions, reposts and bookmarks show at once wherever the post stands and are taken back, with the
 * cause, when the node refuses; presses in quick succession are carried out in order.
 */
export function usePostActions(post: PostView): PostActions {
  const { client } = useRpc()
  const queryClient = useQueryClient()
  const cause = useCause()
  const [failure, setFailure] = useState<PostFailure>()
  const queue = useRef<Promise<void>>(Promise.resolve())
  const { id, mine } = post
  const { isKept, setKept } = useKept(id)

  const apply = (change: (post: PostView) => PostView) => changePost(queryClient, id, change)

  const run = (
    act: PostAct,
    change: () => void,
    undo: () => void,
    send: () => Promise<unknown>,
    say: (failure: PostFailure) => void = setFailure,
  ) => {
    setFailure(undefined)
    change()
    queue.current = queue.current.then(async () => {
      try {
        await send()
      } catch (error) {
        undo()
        say({ act, cause: cause(error), retry: () => run(act, change, undo, send, say) })
      }
    })
  }

  const keep = (isOn: boolean, say?: (failure: PostFailure) => void) =>
    run(
      'keep',
      () => setKept(id, isOn),
      () => setKept(id, !isOn),
      () => (isOn ? client.bookmarks.add({ id }) : client.bookmarks.remove({ id })),
      say,
    )

  const react = (after: string | null, before = mine.reaction) => {
    run(
      'react',
      () => apply((current) => withReaction(current, after)),
      () => apply((current) => withReaction(current, before)),
      () => (after === null ? client.reactions.remove({ id }) : client.reactions.add({ id, emoji: after })),
    )
  }

  return {
    failure,
    react,
    toggleHeart: () => react(isSame(mine.reaction, HEART) ? null : HEART),
    toggleRepost: () => {
      const after = !mine.reposted
      run(
        'repost',
        () => apply((current) => withRepost(current, after)),
        () => apply((current) => withRepost(current, !after)),
        () => (after ? client.reposts.add({ id }) : client.reposts.remove({ id })),
      )
    },
    isKept,
    keep,
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

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { PostPage, PostView } from '../../../core/contract/views.ts'
import { useNodeEvent } from '../../rpc/events.ts'
import { useRpc } from '../../rpc/provider.tsx'
import type { FeedTop } from './feed-window.ts'
import { TOP_PX } from './use-is-below-top.ts'
import { type LiveFeed, useLiveFeed } from './use-live-feed.ts'

const PAGE_SIZE = 50

/** Where the reading was held, kept while another page is shown, one for each cache of the list. */
const heldTops = new WeakMap<QueryClient, FeedTop>()
const timeOf = (post: PostView) => post.ts

/**
 * The home timeline. While `isReading` (scrolled below the top, or the focus is in the list) newer posts wait; otherwise
 * they come straight in.
 */
export function useHome(isReading: boolean): LiveFeed<PostView> {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const queryKey = useMemo(() => orpc.timeline.home.key({ type: 'infinite' }), [orpc])
  const readPage = useCallback(
    (cursor: string | undefined): Promise<PostPage> => client.timeline.home({ limit: PAGE_SIZE, cursor }),
    [client],
  )
  const feed = useLiveFeed({
    queryKey,
    readPage,
    timeOf,
    isReading,
    heldTop: heldTops.get(queryClient) ?? null,
    onHold: (top) => {
      if (top) heldTops.set(queryClient, top)
      else heldTops.delete(queryClient)
    },
  })
  const { lookSoon, showWaiting } = feed
  useNodeEvent((event) => {
    if (event.type === 'home') {
      // One's own post is looked for where one has just written; far below the top it waits with the others.
      lookSoon(event.own ? () => window.scrollY <= TOP_PX && showWaiting() : undefined)
    } else if (event.type === 'follows') void queryClient.invalidateQueries({ queryKey })
  })
  return feed
}

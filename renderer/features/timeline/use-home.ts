import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import type { PostPage, PostView } from '../../../core/contract/views.ts'
import { useNodeEvent } from '../../rpc/events.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useMe } from '../people/use-me.ts'
import { type FeedTop, rowKey } from './feed-window.ts'
import { type HomePlace, type RowPlace, readDownTo, readHomePlace, writeHomePlace } from './home-place.ts'
import { TOP_PX } from './use-is-below-top.ts'
import { type LiveFeed, useLiveFeed } from './use-live-feed.ts'

const PAGE_SIZE = 50

/** Where the reading was held, kept while another page is shown, one for each cache of the list. */
const heldTops = new WeakMap<QueryClient, FeedTop>()
const timeOf = (post: PostView) => post.ts

export interface Home extends LiveFeed<PostView> {
  /** Where it was left when the window was closed. */
  place: HomePlace | undefined
  /** Keeps the place for the next window. */
  keepPlace: (place: RowPlace) => void
}

/**
 * The home timeline. While `isReading` (scrolled below the top, or the focus is in the list) newer posts wait; otherwise
 * they come straight in.
 */
export function useHome(isReading: boolean): Home {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const queryKey = useMemo(() => orpc.timeline.home.key({ type: 'infinite' }), [orpc])
  const profile = useMe()?.profile ?? ''
  const [place] = useState(() => readHomePlace(profile))
  const readPage = useCallback(
    (cursor: string | undefined, limit = PAGE_SIZE): Promise<PostPage> => client.timeline.home({ limit, cursor }),
    [client],
  )
  const readFirst = useCallback(() => {
    const kept = readHomePlace(profile)
    return kept ? readDownTo(kept.row, readPage, PAGE_SIZE) : readPage(undefined)
  }, [profile, readPage])
  const feed = useLiveFeed({
    queryKey,
    readPage,
    readFirst,
    timeOf,
    isReading,
    heldTop: heldTops.get(queryClient) ?? place?.top ?? null,
    onHold: (top) => {
      if (top) heldTops.set(queryClient, top)
      else heldTops.delete(queryClient)
    },
  })
  const { lookSoon, showWaiting } = feed
  const showOwn = () => {
    // One's own post is looked for where one has just written; far below the top it waits with the others.
    if (window.scrollY > window.innerHeight) return
    showWaiting()
    window.scrollTo(0, 0)
  }
  useNodeEvent((event) => {
    if (event.type !== 'home') return
    lookSoon(event.own ? showOwn : undefined)
  })
  const { rows, waiting } = feed
  const first = rows[0]
  const keepPlace = useCallback(
    (at: RowPlace) => {
      if (!first || (window.scrollY <= TOP_PX && waiting === 0)) writeHomePlace(profile, null)
      else writeHomePlace(profile, { ...at, top: { key: rowKey(first), ts: timeOf(first) } })
    },
    [profile, first, waiting],
  )
  return { ...feed, place, keepPlace }
}

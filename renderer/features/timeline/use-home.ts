import { type QueryClient, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { PostPage, PostView } from '../../../core/contract/views.ts'
import { useNodeEvent } from '../../rpc/events.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { type FeedPages, holdBack, mergeFirstPage, rowKey, rowsOf } from './feed-window.ts'

const PAGE_SIZE = 50
/** So many pages are read to close the gap between what is shown and what came since. */
const MAX_GAP_PAGES = 10
/** Hints come in bursts; the list is read at most this often. */
const PAUSE_MS = 250
/** Below this the top of the list is no longer in sight. */
export const TOP_PX = 8

export interface Home {
  rows: PostView[]
  /** Newer rows behind the pill. */
  waiting: number
  showWaiting: () => void
  isPending: boolean
  error: Error | null
  retry: () => void
  hasMore: boolean
  isLoadingMore: boolean
  loadMore: () => void
}

interface Top {
  key: string
  ts: number
}

/** Where the reading was held, kept while another page is shown, one for each cache of the list. */
const heldTops = new WeakMap<QueryClient, Top>()

/**
 * The home timeline. While `isReading` (scrolled below the top, or the focus is in the list) newer posts wait; otherwise
 * they come straight in.
 */
export function useHome(isReading: boolean): Home {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const options = useMemo(
    () =>
      orpc.timeline.home.infiniteOptions({
        input: (cursor: string | undefined) => ({ limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: undefined as string | undefined,
        getNextPageParam: (last: PostPage) => last.cursor ?? undefined,
        staleTime: Number.POSITIVE_INFINITY,
      }),
    [orpc],
  )
  const query = useInfiniteQuery(options)
  const rows = useMemo(() => rowsOf(query.data?.pages), [query.data])
  const [top, setTopState] = useState<Top | null>(() => heldTops.get(queryClient) ?? null)
  const setTop = useCallback(
    (next: Top | null) => {
      if (next) heldTops.set(queryClient, next)
      else heldTops.delete(queryClient)
      setTopState(next)
    },
    [queryClient],
  )
  const { shown, waiting } = useMemo(() => holdBack(rows, top), [rows, top])

  const first = shown[0]
  useEffect(() => {
    if (isReading && !top && first) setTop({ key: rowKey(first), ts: first.ts })
    if (!isReading && top && waiting === 0) setTop(null)
  }, [isReading, top, first, waiting, setTop])

  const { queryKey } = options
  const refresh = useCallback(async () => {
    const collected: PostPage = { items: [], cursor: null }
    let cursor: string | null = null
    for (let count = 0; count < MAX_GAP_PAGES; count += 1) {
      const page: PostPage = await client.timeline.home({ limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) })
      collected.items.push(...page.items)
      collected.cursor = cursor = page.cursor
      const known = queryClient.getQueryData(queryKey) as FeedPages | undefined
      if (!known) return
      const merged = mergeFirstPage(known, collected)
      if (merged || cursor === null) {
        queryClient.setQueryData(
          queryKey,
          (merged ?? { pages: [collected], pageParams: [undefined] }) as typeof query.data,
        )
        return
      }
    }
    queryClient.setQueryData(queryKey, { pages: [collected], pageParams: [undefined] })
  }, [client, queryClient, queryKey])

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isOwnDue = useRef(false)
  const soon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      refresh()
        .then(() => {
          // One's own post is looked for where one has just written; far below the top it waits with the others.
          if (isOwnDue.current && window.scrollY <= TOP_PX) setTop(null)
          isOwnDue.current = false
        })
        // A failed look is not a failed list: what is shown stays, and the next hint looks again.
        .catch(() => undefined)
    }, PAUSE_MS)
  }, [refresh, setTop])
  useEffect(() => {
    // What came while another page was shown.
    soon()
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [soon])
  useNodeEvent((event) => {
    if (event.type === 'home') {
      isOwnDue.current ||= event.own
      soon()
    } else if (event.type === 'follows') void queryClient.invalidateQueries({ queryKey })
  })

  return {
    rows: shown,
    waiting,
    showWaiting: () => setTop(null),
    isPending: query.isPending,
    error: rows.length === 0 ? query.error : null,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  }
}

import { type InfiniteData, type QueryKey, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import {
  type FeedPage,
  type FeedPages,
  type FeedRow,
  type FeedTop,
  holdBack,
  mergeFirstPage,
  rowKey,
  rowsOf,
} from './feed-window.ts'
import { TOP_PX } from './use-is-below-top.ts'

/** So many pages are read to close the gap between what is shown and what came since. */
const MAX_GAP_PAGES = 10
/** Hints come in bursts; the list is read at most this often. */
const PAUSE_MS = 250

export interface LiveFeedInit<Row extends FeedRow, Page extends FeedPage<Row>> {
  /** Of the list in the query cache; the same one while it is the same list. */
  queryKey: QueryKey
  /** Stands still between two drawings. */
  readPage: (cursor: string | undefined) => Promise<Page>
  /** Reads the beginning of the list where that is not just its first page. */
  readFirst?: () => Promise<Page>
  timeOf: (row: Row) => number
  /** Somebody is below the top, or has the focus in the list: newer rows wait. */
  isReading: boolean
  /** Where the reading was held when the list was left. */
  heldTop?: FeedTop | null
  onHold?: (top: FeedTop | null) => void
}

export interface LiveFeed<Row> {
  rows: Row[]
  /** Newer rows behind the pill. */
  waiting: number
  showWaiting: () => void
  /** Looks soon for what is new; `done` hears that it is there. */
  lookSoon: (done?: () => void) => void
  isPending: boolean
  error: Error | null
  retry: () => void
  hasMore: boolean
  isLoadingMore: boolean
  loadMore: () => void
}

/** A list that grows at its top while somebody reads it: newer rows are put before those that are loaded, or wait. */
export function useLiveFeed<Row extends FeedRow, Page extends FeedPage<Row>>(
  init: LiveFeedInit<Row, Page>,
): LiveFeed<Row> {
  const { queryKey, readPage, readFirst, timeOf, isReading, onHold } = init
  const queryClient = useQueryClient()
  const query = useInfiniteQuery<Page, Error, InfiniteData<Page>, QueryKey, string | undefined>({
    queryKey,
    queryFn: ({ pageParam }) => (pageParam === undefined && readFirst ? readFirst() : readPage(pageParam)),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const rows = useMemo(() => rowsOf<Row>(query.data?.pages), [query.data])
  const [top, setTopState] = useState<FeedTop | null>(init.heldTop ?? null)
  const hear = useRef(onHold)
  useEffect(() => {
    hear.current = onHold
  })
  const setTop = useCallback((next: FeedTop | null) => {
    hear.current?.(next)
    setTopState(next)
  }, [])
  const { shown, waiting } = useMemo(() => holdBack(rows, top, timeOf), [rows, top, timeOf])

  const first = shown[0]
  useEffect(() => {
    // A top that was kept waits for the rows that it is one of.
    if (!first) return
    if (isReading && !top) setTop({ key: rowKey(first), ts: timeOf(first) })
    if (!isReading && top && waiting === 0) setTop(null)
  }, [isReading, top, first, waiting, setTop, timeOf])

  const place = useRef({ first, top })
  useEffect(() => {
    place.current = { first, top }
  })
  /** Who has just scrolled down reads already, though no event has said so yet. */
  const holdWhereRead = useCallback(() => {
    const { first, top } = place.current
    if (first && !top && window.scrollY > TOP_PX) setTop({ key: rowKey(first), ts: timeOf(first) })
  }, [setTop, timeOf])

  const refresh = useCallback(async () => {
    const put = (pages: FeedPages<Row>) => {
      holdWhereRead()
      queryClient.setQueryData(queryKey, pages)
    }
    let collected: Page | undefined
    for (let count = 0; count < MAX_GAP_PAGES; count += 1) {
      const page = await readPage(collected?.cursor ?? undefined)
      collected = collected ? { ...page, items: [...collected.items, ...page.items] } : page
      const known = queryClient.getQueryData<InfiniteData<Page>>(queryKey)
      if (!known) return
      const merged = mergeFirstPage(known, collected)
      if (merged) return put(merged)
      if (page.cursor === null) break
    }
    if (collected) put({ pages: [collected], pageParams: [undefined] })
  }, [readPage, queryClient, queryKey, holdWhereRead])

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const heard = useRef<(() => void)[]>([])
  const lookSoon = useCallback(
    (done?: () => void) => {
      if (done) heard.current.push(done)
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        // Who asks from now on may wait for something that this look is too early for.
        const hearers = heard.current.splice(0)
        refresh()
          .then(() => {
            for (const hearer of hearers) hearer()
          })
          // A failed look is not a failed list: what is shown stays, and the next hint looks again.
          .catch(() => heard.current.unshift(...hearers))
      }, PAUSE_MS)
    },
    [refresh],
  )
  useEffect(() => {
    // What came while another page was shown.
    lookSoon()
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [lookSoon])

  return {
    rows: shown,
    waiting,
    showWaiting: () => setTop(null),
    lookSoon,
    isPending: query.isPending,
    error: rows.length === 0 ? query.error : null,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
  }
}

import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { type ReactNode, useCallback, useEffect, useRef } from 'react'
import type { PostView } from '../../../core/contract/views.ts'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { PostFeed } from './post-feed.tsx'
import styles from './timeline.module.css'
import { useFeedKeys } from './use-feed-keys.ts'

export interface PagedPostsProps {
  rows: readonly PostView[]
  /** What the rows were read by. */
  query: UseInfiniteQueryResult
  /** Name of the list for screen readers. */
  label: string
  /** Under this name the place is kept while another page is shown. */
  memory: string
  failedTitle: ReactNode
  empty: ReactNode
  /** After the last row. */
  end: ReactNode
}

/** A list of posts that is read page by page, with what stands in its place while it is empty, on its way or failed. */
export function PagedPosts({ rows, query, label, memory, failedTitle, empty, end }: PagedPostsProps) {
  const list = useRef<HTMLDivElement>(null)
  useFeedKeys(list)
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const isHidden = rows.length === 0 && hasNextPage
  useEffect(() => {
    // A page of which nothing can be shown is not the end.
    if (isHidden && !isFetchingNextPage) loadMore()
  }, [isHidden, isFetchingNextPage, loadMore])

  if (rows.length > 0) {
    return (
      <PostFeed
        rows={rows}
        label={label}
        memory={memory}
        listRef={list}
        hasMore={hasNextPage}
        isLoadingMore={isFetchingNextPage}
        onEnd={loadMore}
        footer={<p className={styles.end}>{end}</p>}
      />
    )
  }
  if (query.isPending || isHidden) return <PostSkeleton count={3} />
  if (!query.isError) return empty
  return <FailedPanel title={failedTitle} error={query.error} onRetry={() => void query.refetch()} />
}

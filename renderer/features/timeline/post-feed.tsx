import { useQueryClient } from '@tanstack/react-query'
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { PostView } from '../../../core/contract/views.ts'
import { layoutMedia } from '../media/media-layout.ts'
import { PostItem } from '../post/post-item.tsx'
import { usePersonUpdates } from '../post/use-person-updates.ts'
import { rowKey } from './feed-window.ts'
import type { RowPlace } from './home-place.ts'
import { keepPlace, placeOf } from './scroll-memory.ts'
import styles from './timeline.module.css'
import { useRestoredRow, useToldRow } from './use-row-place.ts'

/** Rows drawn above and below what is seen; j and k find the next one among them. */
const OVERSCAN = 6
/** So many rows before the end the next page is asked for. */
const ASK_AHEAD = 12

export interface PostFeedProps {
  rows: readonly PostView[]
  /** Name of the list for screen readers. */
  label: string
  /** Under this name the place is kept while another page is shown. */
  memory: string
  /** Where the list begins when nothing is kept under that name. */
  place?: RowPlace | undefined
  /** Hears which row stands on top while somebody scrolls. */
  onPlace?: (place: RowPlace) => void
  listRef?: RefObject<HTMLDivElement | null>
  query?: string | undefined
  hasMore: boolean
  isLoadingMore: boolean
  onEnd: () => void
  /** What stands after the last row. */
  footer?: ReactNode
  onFocusChange?: (isInside: boolean) => void
}

/** A list of posts of any length: only what is near the screen is drawn, the rest keeps its room. */
export function PostFeed(props: PostFeedProps) {
  const { rows, label, memory, query, hasMore, isLoadingMore, onEnd, footer, onFocusChange } = props
  const own = useRef<HTMLDivElement>(null)
  const cache = useQueryClient()
  usePersonUpdates()
  const list = props.listRef ?? own
  const [margin, setMargin] = useState(0)
  const [start] = useState(() => placeOf(cache, memory))
  const [place] = useState(() => (start ? undefined : placeIn(rows, props.place)))
  const [focused, setFocused] = useState<string>()
  const focusedAt = focused === undefined ? -1 : rows.findIndex((post) => rowKey(post) === focused)

  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => estimateHeight(rows[index]),
    getItemKey: (index) => {
      const post = rows[index]
      return post ? rowKey(post) : index
    },
    overscan: OVERSCAN,
    scrollMargin: margin,
    initialOffset: start?.offset ?? place?.estimate ?? 0,
    // Left out, nothing is drawn until the list stands there, and then all of it in one go.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    initialMeasurementsCache: start?.measurements ?? [],
    // What has the focus stays in the page, wherever it is scrolled to.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range)
      if (focusedAt < 0 || indexes.includes(focusedAt)) return indexes
      return [...indexes, focusedAt].sort((a, b) => a - b)
    },
  })

  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const measure = () => setMargin(element.getBoundingClientRect().top + window.scrollY)
    measure()
    // A line above the list may come and go.
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [list])

  useLayoutEffect(() => {
    window.scrollTo(0, start?.offset ?? place?.estimate ?? 0)
  }, [start, place])
  useRestoredRow(list, place)
  useToldRow(list, props.onPlace)

  useEffect(() => {
    const keep = () =>
      keepPlace(cache, memory, { offset: window.scrollY, measurements: [...virtualizer.measurementsCache] })
    window.addEventListener('scroll', keep, { passive: true })
    return () => window.removeEventListener('scroll', keep)
  }, [cache, memory, virtualizer])

  const items = virtualizer.getVirtualItems()
  const lastDrawn = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastDrawn >= rows.length - ASK_AHEAD) onEnd()
  }, [hasMore, isLoadingMore, lastDrawn, rows.length, onEnd])

  return (
    <>
      <div
        ref={list}
        role="feed"
        aria-label={label}
        aria-busy={isLoadingMore}
        className={styles.feed}
        style={{ blockSize: virtualizer.getTotalSize() }}
        onFocus={(event) => {
          setFocused(event.target.closest<HTMLElement>('[data-row]')?.dataset.row)
          onFocusChange?.(true)
        }}
        onBlur={(event) => {
          if (event.currentTarget.contains(event.relatedTarget)) return
          setFocused(undefined)
          onFocusChange?.(false)
        }}
      >
        {items.map((item) => {
          const post = rows[item.index]
          return (
            post && (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                data-row={item.key}
                className={styles.place}
                style={{ transform: `translateY(${item.start - margin}px)` }}
              >
                <PostItem post={post} position={item.index + 1} setSize={hasMore ? -1 : rows.length} query={query} />
              </div>
            )
          )
        })}
      </div>
      {!hasMore && footer}
    </>
  )
}

/** The place, and about how far down its list it lies; undefined where its row isn't there. */
function placeIn(rows: readonly PostView[], place: RowPlace | undefined) {
  const index = place ? rows.findIndex((post) => rowKey(post) === place.row) : -1
  if (!place || index < 0) return undefined
  const above = rows.slice(0, index).reduce((sum, post) => sum + estimateHeight(post), 0)
  return { ...place, estimate: Math.max(0, above - place.offset) }
}

/** Before a row was drawn: from what is known of it, so that the scroll bar hardly moves. */
function estimateHeight(post: PostView | undefined): number {
  if (!post) return 140
  const lines = post.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 0)
  const picture = post.media.length > 0 ? 12 + Math.min(640, 524 / layoutMedia(post.media).ratio) : 0
  return 90 + lines * 26 + picture + (post.reply ? 20 : 0) + (post.repostedBy ? 20 : 0) + (post.holding ? 66 : 0)
}

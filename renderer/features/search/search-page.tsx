import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Search, X } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation, useParams } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { searchPath } from '../../app/routes.ts'
import { useNetwork } from '../../app/use-network.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { rowsOf } from '../timeline/feed-window.ts'
import { PostFeed } from '../timeline/post-feed.tsx'
import { useFeedKeys } from '../timeline/use-feed-keys.ts'
import styles from './search.module.css'

/** So long nobody types before it is searched. */
const PAUSE_MS = 200
const MAX_QUERY_LENGTH = 256

/** Searches every post that lies on this computer; the words stand in the address, so that going back finds them. */
export function SearchPage() {
  const intl = useIntl()
  const [, navigate] = useLocation()
  const given = decodeWords(useParams<{ query?: string }>().query ?? '')
  const [text, setText] = useState(given)
  const sent = useRef(given)
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    // Another way to this page brought other words.
    if (given === sent.current) return
    sent.current = given
    setText(given)
  }, [given])
  useEffect(() => {
    const words = text.trim()
    if (words === sent.current) return
    const timer = setTimeout(() => {
      sent.current = words
      navigate(searchPath(words), { replace: true })
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, navigate])
  useEffect(() => field.current?.focus(), [])

  return (
    <Page title={intl.formatMessage({ id: 'search.title' })}>
      <search className={styles.bar}>
        <TextField
          ref={field}
          type="search"
          hideLabel
          label={intl.formatMessage({ id: 'search.label' })}
          placeholder={intl.formatMessage({ id: 'search.placeholder' })}
          icon={<Search size={18} strokeWidth={1.75} aria-hidden />}
          maxLength={MAX_QUERY_LENGTH}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          after={
            text !== '' && (
              <IconButton
                label={intl.formatMessage({ id: 'search.clear' })}
                icon={<X size={16} aria-hidden />}
                onClick={() => {
                  setText('')
                  field.current?.focus()
                }}
              />
            )
          }
        />
      </search>
      {given === '' ? <Start /> : <Results query={given} />}
    </Page>
  )
}

/** The router leaves those escapes that mean something in a path. */
function decodeWords(text: string): string {
  return text.replace(/%(?:2[346BCF]|3[ABDF]|40)/giu, (code) => decodeURIComponent(code))
}

function Start() {
  const network = useNetwork()
  return (
    <StatePanel
      icon={<Search size={44} strokeWidth={1.5} aria-hidden />}
      title={<FormattedMessage id="search.startTitle" />}
      line={<FormattedMessage id="search.startLine" values={{ count: network?.storage.posts ?? 0 }} />}
    />
  )
}

function Results({ query }: { query: string }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const list = useRef<HTMLDivElement>(null)
  useFeedKeys(list)
  const found = useInfiniteQuery(
    orpc.search.posts.infiniteOptions({
      input: (cursor: string | undefined) => ({ query, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
      // While somebody types on, what was found stays until the next answer.
      placeholderData: keepPreviousData,
    }),
  )
  const rows = useMemo(() => rowsOf(found.data?.pages), [found.data])
  const searched = found.data?.pages[0]?.searched ?? 0
  const { fetchNextPage } = found
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage])

  if (found.isPending) return <PostSkeleton count={3} />
  if (found.isError && rows.length === 0) {
    return (
      <FailedPanel
        title={<FormattedMessage id="search.failedTitle" />}
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    )
  }
  if (rows.length === 0) {
    return (
      <div role="status">
        <StatePanel
          icon={<Search size={44} strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="search.emptyTitle" values={{ query: <bdi>{query}</bdi> }} />}
          line={<FormattedMessage id="search.emptyLine" values={{ count: searched }} />}
        />
      </div>
    )
  }
  return (
    <>
      <p className={styles.sum} role="status">
        <FormattedMessage
          id={found.hasNextPage ? 'search.foundMore' : 'search.found'}
          values={{ count: rows.length }}
        />{' '}
        <FormattedMessage id="search.searched" values={{ count: searched }} />
      </p>
      <PostFeed
        key={query}
        rows={rows}
        label={intl.formatMessage({ id: 'search.feed' })}
        memory={`search ${query}`}
        listRef={list}
        query={query}
        hasMore={found.hasNextPage}
        isLoadingMore={found.isFetchingNextPage}
        onEnd={loadMore}
      />
    </>
  )
}

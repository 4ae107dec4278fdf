import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Ellipsis, Search, X } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation, useParams } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { searchPath } from '../../app/routes.ts'
import { useNetwork } from '../../app/use-network.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { useSilencingMenu } from '../moderation/use-silencing-menu.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { parsePerson } from '../people/parse-person.ts'
import { PersonRow } from '../people/person-row.tsx'
import { useCalled } from '../people/use-called.ts'
import { rowsOf } from '../timeline/feed-window.ts'
import { PostFeed } from '../timeline/post-feed.tsx'
import { useFeedKeys } from '../timeline/use-feed-keys.ts'
import { FindOn } from './find-on.tsx'
import styles from './search.module.css'
import { SearchFilters } from './search-filters.tsx'
import { formatSought, isFiltered, parseSought, type Sought, toSearchInput } from './search-words.ts'

/** So long nobody types before it is searched. */
const PAUSE_MS = 200
const MAX_QUERY_LENGTH = 256

/** Searches every post that lies on this computer; words and filters stand in the address, so that going back finds them. */
export function SearchPage() {
  const intl = useIntl()
  const [, navigate] = useLocation()
  const given = decodeWords(useParams<{ query?: string }>().query ?? '')
  const sought = useMemo(() => parseSought(given), [given])
  const [text, setText] = useState(sought.words)
  const sent = useRef(given)
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    // Another way to this page brought other words.
    if (given === sent.current) return
    sent.current = given
    setText(parseSought(given).words)
  }, [given])
  useEffect(() => {
    const before = parseSought(sent.current)
    if (text.trim() === before.words) return
    const timer = setTimeout(() => {
      // Filters may be typed as well: they go from the field into chips.
      const typed = parseSought(text)
      const next = formatSought({ ...merge(before, typed), words: typed.words })
      if (isFiltered(typed)) setText(typed.words)
      sent.current = next
      navigate(searchPath(next), { replace: true })
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, navigate])
  useEffect(() => field.current?.focus(), [])

  const change = (filters: Partial<Sought>) => {
    const next = formatSought({ ...parseSought(sent.current), words: text.trim(), ...filters })
    sent.current = next
    navigate(searchPath(next))
  }
  const pasted = parsePerson(sought.words)
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
        <SearchFilters sought={sought} onChange={change} />
      </search>
      {pasted !== undefined ? (
        <Pasted profile={pasted.profile} />
      ) : given === '' ? (
        <Start />
      ) : (
        <Results sought={sought} onWiden={() => change(NO_FILTERS)} />
      )}
    </Page>
  )
}

const NO_FILTERS = { author: undefined, since: undefined, until: undefined, hasMedia: false } as const

/** What is typed wins. */
function merge(before: Sought, typed: Sought): Sought {
  return {
    words: typed.words,
    author: typed.author ?? before.author,
    since: typed.since ?? before.since,
    until: typed.until ?? before.until,
    hasMedia: typed.hasMedia || before.hasMedia,
  }
}

/** The address of a person was pasted: whoever it is, known or not, can be looked at, muted and blocked. */
function Pasted({ profile }: { profile: string }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const called = useCalled()
  const { data } = useQuery(orpc.profiles.get.queryOptions({ input: { profile } }))
  const person = { profile, name: data?.name ?? '', avatar: data?.avatar ?? null }
  const silencing = useSilencingMenu(person, data?.silences)
  return (
    <div className={styles.pasted}>
      <p className={styles.none}>
        <FormattedMessage id="search.pasted" />
      </p>
      <PersonRow
        person={person}
        action={
          data?.isMe !== true && (
            <Menu
              items={silencing.items}
              trigger={
                <IconButton
                  label={intl.formatMessage({ id: 'moderation.more' }, { name: called(person) })}
                  icon={<Ellipsis size={18} strokeWidth={1.75} aria-hidden />}
                />
              }
            />
          )
        }
      />
      {silencing.aside}
    </div>
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

function Results({ sought, onWiden }: { sought: Sought; onWiden: () => void }) {
  const query = sought.words
  const key = formatSought(sought)
  const intl = useIntl()
  const { orpc } = useRpc()
  const list = useRef<HTMLDivElement>(null)
  useFeedKeys(list)
  const found = useInfiniteQuery(
    orpc.search.posts.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...toSearchInput(sought),
        limit: 50,
        ...(cursor === undefined ? {} : { cursor }),
      }),
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
  // A page that filters may be empty and lead on: whoever looks is taken to the next one.
  if (rows.length === 0 && found.hasNextPage) return <FindOn isFinding={found.isFetchingNextPage} onFind={loadMore} />
  if (rows.length === 0) {
    return (
      <div role="status">
        <StatePanel
          icon={<Search size={44} strokeWidth={1.5} aria-hidden />}
          title={
            query === '' ? (
              <FormattedMessage id="search.emptyFiltered" />
            ) : (
              <FormattedMessage id="search.emptyTitle" values={{ query: <bdi>{query}</bdi> }} />
            )
          }
          line={
            <FormattedMessage
              id={isFiltered(sought) ? 'search.emptyFilteredLine' : 'search.emptyLine'}
              values={{ count: searched }}
            />
          }
          action={
            isFiltered(sought) && (
              <Button onClick={onWiden}>
                <FormattedMessage id="search.widen" />
              </Button>
            )
          }
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
        key={key}
        rows={rows}
        label={intl.formatMessage({ id: 'search.feed' })}
        memory={`search ${key}`}
        listRef={list}
        query={query}
        hasMore={found.hasNextPage}
        isLoadingMore={found.isFetchingNextPage}
        onEnd={loadMore}
      />
    </>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { CircleAlert, RefreshCw } from 'lucide-react'
import { useCallback, useMemo, useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { useComposer } from '../composer/use-composer.ts'
import { useCause } from '../people/use-cause.ts'
import { rowsOf } from '../timeline/feed-window.ts'
import { PostFeed } from '../timeline/post-feed.tsx'
import { useFeedKeys } from '../timeline/use-feed-keys.ts'
import styles from './profile.module.css'

export function ProfilePosts({ profile, name, isMe }: { profile: string; name: string; isMe: boolean }) {
  const intl = useIntl()
  const cause = useCause()
  const composer = useComposer()
  const { orpc } = useRpc()
  const list = useRef<HTMLDivElement>(null)
  useFeedKeys(list)
  const query = useInfiniteQuery(
    orpc.timeline.profile.infiniteOptions({
      input: (cursor: string | undefined) => ({ profile, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
    }),
  )
  const rows = useMemo(() => rowsOf(query.data?.pages), [query.data])
  const { fetchNextPage } = query
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage])

  if (rows.length > 0) {
    return (
      <PostFeed
        rows={rows}
        label={intl.formatMessage({ id: 'profile.feed' }, { name })}
        memory={`profile ${profile}`}
        listRef={list}
        hasMore={query.hasNextPage}
        isLoadingMore={query.isFetchingNextPage}
        onEnd={loadMore}
        footer={
          <p className={styles.end}>
            <FormattedMessage id="profile.end" />
          </p>
        }
      />
    )
  }
  if (query.isPending) return <PostSkeleton count={3} />
  if (query.isError) {
    return (
      <StatePanel
        tone="warn"
        icon={<CircleAlert size={44} strokeWidth={1.5} aria-hidden />}
        title={<FormattedMessage id="profile.postsFailedTitle" />}
        line={cause(query.error)}
        action={
          <Button icon={<RefreshCw size={16} aria-hidden />} onClick={() => void query.refetch()}>
            <FormattedMessage id="profile.retry" />
          </Button>
        }
      />
    )
  }
  return isMe ? (
    <StatePanel
      rings={0}
      title={<FormattedMessage id="profile.emptyOwnTitle" />}
      line={<FormattedMessage id="profile.emptyOwnLine" />}
      action={
        <Button kind="primary" onClick={() => composer.open()}>
          <FormattedMessage id="profile.emptyOwnAction" />
        </Button>
      }
    />
  ) : (
    <StatePanel
      rings={0}
      title={<FormattedMessage id="profile.emptyTitle" />}
      line={<FormattedMessage id="profile.emptyLine" values={{ name: <bdi>{name}</bdi> }} />}
    />
  )
}

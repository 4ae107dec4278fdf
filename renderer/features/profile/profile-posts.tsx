import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { useComposer } from '../composer/use-composer.ts'
import { rowsOf } from '../timeline/feed-window.ts'
import { PagedPosts } from '../timeline/paged-posts.tsx'

/** What a tab asks for. */
const SHOWN = { posts: 'posts', replies: 'all', pictures: 'pictures' } as const

export interface ProfilePostsProps {
  profile: string
  name: string
  isMe: boolean
  /** They are muted or blocked, and asked for all the same. */
  silenced: boolean
  tab: keyof typeof SHOWN
}

export function ProfilePosts({ profile, name, isMe, silenced, tab }: ProfilePostsProps) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const query = useInfiniteQuery(
    orpc.timeline.profile.infiniteOptions({
      input: (cursor: string | undefined) => ({
        profile,
        silenced,
        show: SHOWN[tab],
        limit: 50,
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
    }),
  )
  const rows = useMemo(() => rowsOf(query.data?.pages), [query.data])
  return (
    <PagedPosts
      rows={rows}
      query={query}
      label={intl.formatMessage({ id: 'profile.feed' }, { name })}
      memory={`profile ${profile} ${tab}`}
      failedTitle={<FormattedMessage id="profile.postsFailedTitle" />}
      empty={tab === 'pictures' ? <NoPictures name={name} isMe={isMe} /> : isMe ? <OwnEmpty /> : <Empty name={name} />}
      end={<FormattedMessage id="profile.end" />}
    />
  )
}

function OwnEmpty() {
  const composer = useComposer()
  return (
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
  )
}

function Empty({ name }: { name: string }) {
  return (
    <StatePanel
      rings={0}
      title={<FormattedMessage id="profile.emptyTitle" />}
      line={<FormattedMessage id="profile.emptyLine" values={{ name: <bdi>{name}</bdi> }} />}
    />
  )
}

function NoPictures({ name, isMe }: { name: string; isMe: boolean }) {
  return (
    <StatePanel
      rings={0}
      title={<FormattedMessage id="profile.noPicturesTitle" />}
      line={
        <FormattedMessage
          id={isMe ? 'profile.noPicturesOwn' : 'profile.noPictures'}
          values={{ name: <bdi>{name}</bdi> }}
        />
      }
    />
  )
}

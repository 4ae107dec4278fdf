import { useQuery } from '@tanstack/react-query'
import { Bookmark, Settings } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useParams } from 'wouter'
import type { ProfileView } from '../../../core/contract/views.ts'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { SilenceNotice } from '../moderation/silence-notice.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { SearchWays } from '../people/search-ways.tsx'
import { useCalled } from '../people/use-called.ts'
import { FollowingList } from './following-list.tsx'
import styles from './profile.module.css'
import { ProfileHeader } from './profile-header.tsx'
import { ProfilePosts } from './profile-posts.tsx'

/** The profile in the address, or the own one. */
export function ProfilePage() {
  const { id } = useParams<{ id?: string }>()
  const intl = useIntl()
  const { orpc } = useRpc()
  const query = useQuery(orpc.profiles.get.queryOptions({ input: id === undefined ? {} : { profile: id } }))
  const view = query.data
  return (
    <Page
      title={view && view.name !== '' ? view.name : intl.formatMessage({ id: 'profile.title' })}
      hasBack={id !== undefined && !view?.isMe}
      actions={view?.isMe && <OwnPlaces />}
    >
      {view ? (
        <ProfileBody key={view.profile} view={view} />
      ) : query.isPending ? (
        <PostSkeleton count={2} />
      ) : (
        <FailedPanel
          title={<FormattedMessage id="profile.failedTitle" />}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
    </Page>
  )
}

/** Places of one's own that the tab bar of a narrow window has no room for. */
function OwnPlaces() {
  const intl = useIntl()
  return (
    <nav className={styles.places} aria-label={intl.formatMessage({ id: 'profile.places' })}>
      <Link href={routes.bookmarks} className={styles.place}>
        <Bookmark size={20} strokeWidth={1.75} aria-hidden />
        <VisuallyHidden>
          <FormattedMessage id="nav.bookmarks" />
        </VisuallyHidden>
      </Link>
      <Link href={routes.settings} className={styles.place}>
        <Settings size={20} strokeWidth={1.75} aria-hidden />
        <VisuallyHidden>
          <FormattedMessage id="nav.settings" />
        </VisuallyHidden>
      </Link>
    </nav>
  )
}

type Tab = 'posts' | 'following'

function ProfileBody({ view }: { view: ProfileView }) {
  const intl = useIntl()
  const [tab, setTab] = useState<Tab>('posts')
  const [isShown, setShown] = useState(false)
  const [silence] = view.silences ?? []
  const called = useCalled()
  if (view.state === 'unknown' && !view.isMe) return <UnknownProfile view={view} />
  const name = called(view)
  const posts =
    silence !== undefined && !isShown ? (
      <SilenceNotice name={name} silence={silence} onShow={() => setShown(true)} />
    ) : (
      <ProfilePosts profile={view.profile} name={name} isMe={view.isMe} silenced={silence !== undefined} />
    )
  return (
    <>
      <ProfileHeader view={view} />
      {view.isMe && (
        <div className={styles.tabs} role="tablist" aria-label={intl.formatMessage({ id: 'profile.tabs' })}>
          <TabButton id="posts" current={tab} onSelect={setTab} label="profile.tabPosts" />
          <TabButton id="following" current={tab} onSelect={setTab} label="profile.tabFollowing" />
        </div>
      )}
      {view.isMe ? (
        <div role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
          {tab === 'posts' ? posts : <FollowingList />}
        </div>
      ) : (
        <div className={styles.untabbed}>{posts}</div>
      )}
    </>
  )
}

/** Nothing of them is here yet: how far the search is, and what to do. */
function UnknownProfile({ view }: { view: ProfileView }) {
  const { orpc } = useRpc()
  const { data: search } = useQuery(orpc.profiles.search.queryOptions({ input: { profile: view.profile } }))
  return (
    <>
      <ProfileHeader view={view} />
      <StatePanel
        rings={0}
        title={<FormattedMessage id={search?.state === 'nothing' ? 'profile.unknownNobody' : 'profile.unknownTitle'} />}
        line={<FormattedMessage id={view.follow === 'none' ? 'profile.unknownFollow' : 'profile.unknownLine'} />}
      />
      <div className={styles.search}>
        <SearchWays profile={view.profile} />
      </div>
    </>
  )
}

interface TabButtonProps {
  id: Tab
  current: Tab
  onSelect: (tab: Tab) => void
  label: 'profile.tabPosts' | 'profile.tabFollowing'
}

/** Arrows move between the tabs, as the ARIA pattern asks. */
function TabButton({ id, current, onSelect, label }: TabButtonProps) {
  const isCurrent = id === current
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${id}`}
      aria-selected={isCurrent}
      aria-controls={`panel-${id}`}
      tabIndex={isCurrent ? 0 : -1}
      className={styles.tab}
      onClick={() => onSelect(id)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
        const other = id === 'posts' ? 'following' : 'posts'
        onSelect(other)
        document.getElementById(`tab-${other}`)?.focus()
      }}
    >
      <FormattedMessage id={label} />
    </button>
  )
}

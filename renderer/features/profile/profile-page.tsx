import { useQuery } from '@tanstack/react-query'
import { Bookmark, List, Settings } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation, useParams } from 'wouter'
import type { ProfileView } from '../../../core/contract/views.ts'
import { Page } from '../../app/layout.tsx'
import { profileTabPath, routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { SilenceNotice } from '../moderation/silence-notice.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { SearchWays } from '../people/search-ways.tsx'
import { useCalled, usePetnames } from '../people/use-called.ts'
import { FollowingList } from './following-list.tsx'
import styles from './profile.module.css'
import { ProfileHeader } from './profile-header.tsx'
import { ProfilePosts } from './profile-posts.tsx'
import { OWN_TABS, ProfileTabs, TABS, type Tab } from './profile-tabs.tsx'

/** The profile in the address, or the own one. */
export function ProfilePage() {
  const { id: given, tab } = useParams<{ id?: string; tab?: string }>()
  const id = given === 'own' ? undefined : given
  const intl = useIntl()
  const { orpc } = useRpc()
  const query = useQuery(orpc.profiles.get.queryOptions({ input: id === undefined ? {} : { profile: id } }))
  const view = query.data
  const called = useCalled()
  const petnames = usePetnames()
  const isNamed = view !== undefined && (view.name !== '' || petnames.has(view.profile))
  return (
    <Page
      title={isNamed ? called(view) : intl.formatMessage({ id: 'profile.title' })}
      hasBack={id !== undefined && !view?.isMe}
      actions={view?.isMe && <OwnPlaces />}
    >
      {view ? (
        <ProfileBody key={view.profile} view={view} tab={tab} place={id ?? null} />
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
      <Link href={routes.lists} className={styles.place}>
        <List size={20} strokeWidth={1.75} aria-hidden />
        <VisuallyHidden>
          <FormattedMessage id="nav.lists" />
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

interface ProfileBodyProps {
  view: ProfileView
  /** As the address has it. */
  tab: string | undefined
  /** The profile in the address; null for the own one without it. */
  place: string | null
}

function ProfileBody({ view, tab: asked, place }: ProfileBodyProps) {
  const [, navigate] = useLocation()
  const [isShown, setShown] = useState(false)
  const [silence] = view.silences ?? []
  const called = useCalled()
  if (view.state === 'unknown' && !view.isMe) return <UnknownProfile view={view} />
  const name = called(view)
  const tabs = view.isMe ? OWN_TABS : TABS
  const tab = tabs.find((one) => one === asked) ?? 'posts'
  const select = (next: Tab) => navigate(profileTabPath(place, next === 'posts' ? null : next), { replace: true })
  const posts =
    silence !== undefined && !isShown ? (
      <SilenceNotice name={name} silence={silence} onShow={() => setShown(true)} />
    ) : (
      <ProfilePosts
        key={tab}
        profile={view.profile}
        name={name}
        isMe={view.isMe}
        silenced={silence !== undefined}
        tab={tab === 'following' ? 'posts' : tab}
      />
    )
  return (
    <>
      <ProfileHeader view={view} />
      <ProfileTabs tabs={tabs} current={tab} onSelect={select}>
        {tab === 'following' ? <FollowingList /> : posts}
      </ProfileTabs>
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

import { Bell, Bookmark, House, List, Moon, PenLine, Search, Settings, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation } from 'wouter'
import type { QuietHours } from '../../core/contract/settings.ts'
import type { Account, ProfileView } from '../../core/contract/views.ts'
import { shortPeerId } from '../../core/identity/peer-id.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { formatClock } from '../ui/format-moment.ts'
import { Logo } from '../ui/logo.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import { ConnectionChip } from './connection-chip.tsx'
import styles from './navigation.module.css'
import { profilePath, routes } from './routes.ts'
import { type UnreadSign, useUnread } from './use-unread.ts'

export interface NavigationProps {
  account: Account
  profile: ProfileView | undefined
  onWrite: () => void
}

const ICON = { size: 19, strokeWidth: 1.75, 'aria-hidden': true } as const

/** The column at the start: places, the one green button, the connection and who I am. */
export function Navigation({ account, profile, onWrite }: NavigationProps) {
  const intl = useIntl()
  const isOwn = useIsOwnProfile(account.profile)
  const unread = useUnread()
  const name = profile?.name || account.name
  return (
    <div className={styles.navigation}>
      <Link href={routes.home} className={styles.logo} aria-label={intl.formatMessage({ id: 'app.tree' })}>
        <Logo />
      </Link>
      <nav aria-label={intl.formatMessage({ id: 'app.nav' })} className={styles.places}>
        <Place href={routes.home} icon={<House {...ICON} />} id="nav.home" />
        <Place href={routes.notifications} icon={<Bell {...ICON} />} id="nav.notifications" unread={unread} />
        <Place href={routes.search} icon={<Search {...ICON} />} id="nav.search" />
        <Place href={routes.bookmarks} icon={<Bookmark {...ICON} />} id="nav.bookmarks" />
        <Place href={routes.lists} icon={<List {...ICON} />} id="nav.lists" />
        <Place href={routes.ownProfile} icon={<UserRound {...ICON} />} id="nav.profile" isCurrent={isOwn} />
        <Place href={routes.settings} icon={<Settings {...ICON} />} id="nav.settings" />
      </nav>
      <Button
        kind="primary"
        size="main"
        wide
        icon={<PenLine size={18} strokeWidth={2} aria-hidden />}
        onClick={onWrite}
      >
        <FormattedMessage id="nav.write" />
      </Button>
      <div className={styles.foot}>
        <ConnectionChip />
        <Link href={routes.ownProfile} className={styles.me}>
          <VisuallyHidden>
            <FormattedMessage id="nav.me" />
          </VisuallyHidden>
          <Avatar profile={account.profile} name={name} size={34} src={avatarUrl(profile)} />
          <span className={styles.who}>
            <bdi className={styles.name}>{name}</bdi>
            <span className={styles.id} dir="ltr">
              {shortPeerId(account.profile)}
            </span>
          </span>
        </Link>
      </div>
    </div>
  )
}

/** Foot of a narrow window. */
export function TabBar({ account, onWrite }: Pick<NavigationProps, 'account' | 'onWrite'>) {
  const intl = useIntl()
  const isOwn = useIsOwnProfile(account.profile)
  const unread = useUnread()
  return (
    <nav className={styles.tabs} aria-label={intl.formatMessage({ id: 'app.tabs' })}>
      <Tab href={routes.home} icon={<House {...ICON} />} id="nav.home" />
      <Tab href={routes.search} icon={<Search {...ICON} />} id="nav.search" />
      <button
        type="button"
        className={styles.write}
        aria-label={intl.formatMessage({ id: 'nav.write' })}
        onClick={onWrite}
      >
        <PenLine size={20} strokeWidth={2} aria-hidden />
      </button>
      <Tab href={routes.notifications} icon={<Bell {...ICON} />} id="nav.alerts" unread={unread} />
      <Tab href={routes.ownProfile} icon={<UserRound {...ICON} />} id="nav.you" isCurrent={isOwn} />
    </nav>
  )
}

interface PlaceProps {
  href: string
  icon: ReactNode
  id: string
  isCurrent?: boolean
  unread?: UnreadSign
}

function Place({ href, icon, id, isCurrent, unread }: PlaceProps) {
  const current = useIsAt(href) || isCurrent
  return (
    <Link
      href={href}
      className={classNames(styles.place, current && styles.current)}
      aria-current={current ? 'page' : undefined}
    >
      {icon}
      <FormattedMessage id={id} />
      {unread && <UnreadCount unread={unread} className={styles.count} />}
    </Link>
  )
}

function Tab({ href, icon, id, isCurrent, unread }: PlaceProps) {
  const current = useIsAt(href) || isCurrent
  return (
    <Link
      href={href}
      className={classNames(styles.tab, current && styles.currentTab)}
      aria-current={current ? 'page' : undefined}
    >
      {icon}
      <span>
        <FormattedMessage id={id} />
        {unread && <UnreadCount unread={unread} className={styles.plate} />}
      </span>
    </Link>
  )
}

function UnreadCount({ unread, className }: { unread: UnreadSign; className: string | undefined }) {
  if (unread.quiet) return <QuietSign hours={unread.quiet} className={className} />
  if (unread.count === 0) return null
  return (
    <>
      <span className={className} aria-hidden>
        {unread.text}
      </span>
      <VisuallyHidden>
        <FormattedMessage id="nav.unread" values={{ n: unread.count }} />
      </VisuallyHidden>
    </>
  )
}

function QuietSign({ hours, className }: { hours: QuietHours; className: string | undefined }) {
  return (
    <span className={classNames(className, styles.quiet)}>
      <Moon size={13} strokeWidth={2} aria-hidden />
      <VisuallyHidden>
        <FormattedMessage id="nav.quiet" values={{ time: <ClockMinute minute={hours.until} /> }} />
      </VisuallyHidden>
    </span>
  )
}

function ClockMinute({ minute }: { minute: number }) {
  return formatClock(useIntl(), new Date(2000, 0, 1, 0, minute).getTime())
}

/** A thread belongs to home; the own profile has no places below it. */
function useIsAt(href: string): boolean {
  const [location] = useLocation()
  if (href === routes.home) return location === href || location.startsWith('/thread/')
  return location === href || (href !== routes.ownProfile && location.startsWith(`${href}/`))
}

function useIsOwnProfile(profile: string): boolean {
  const [location] = useLocation()
  const places = [profilePath(profile), profilePath('own')]
  return places.some((place) => location === place || location.startsWith(`${place}/`))
}

function avatarUrl(profile: ProfileView | undefined): string | undefined {
  return profile?.avatar?.state === 'here' ? `/media/${encodeURIComponent(profile.avatar.cid)}` : undefined
}

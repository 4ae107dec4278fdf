import { useQuery } from '@tanstack/react-query'
import { Bell, CheckCheck, UsersRound } from 'lucide-react'
import { Fragment, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Segment } from '../../ui/segment.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { useCause } from '../people/use-cause.ts'
import { usePersonUpdates } from '../post/use-person-updates.ts'
import { NewPostsPill } from '../timeline/new-posts-pill.tsx'
import { useFeedKeys } from '../timeline/use-feed-keys.ts'
import { useIsBelowTop } from '../timeline/use-is-below-top.ts'
import { groupNotifications } from './notification-groups.ts'
import { NotificationRow } from './notification-row.tsx'
import styles from './notifications.module.css'
import { type Notifications, useNotifications } from './use-notifications.ts'
import { useVisit } from './use-visit.ts'
import type { NotificationTab, Visit } from './visit.ts'

const TABS: readonly NotificationTab[] = ['all', 'talk', 'strangers']
/** So many strangers' notifications are counted before they are looked at. */
const COUNTED = 50

/** What others said to this account; opening it counts as having read it. */
export function NotificationsPage() {
  const visit = useVisit()
  const [tab, setTab] = useState(visit.tab)
  const choose = (next: NotificationTab) => {
    visit.tab = next
    visit.top = null
    setTab(next)
    window.scrollTo(0, 0)
  }
  return <Tab key={tab} tab={tab} visit={visit} onChoose={choose} />
}

interface TabProps {
  tab: NotificationTab
  visit: Visit
  onChoose: (tab: NotificationTab) => void
}

function Tab({ tab, visit, onChoose }: TabProps) {
  const intl = useIntl()
  const cause = useCause()
  const [hasFocus, setHasFocus] = useState(false)
  const [failure, setFailure] = useState<string>()
  const isBelowTop = useIsBelowTop()
  const notifications = useNotifications(tab, visit, isBelowTop || hasFocus)
  const { rows, fresh, waiting, showWaiting } = notifications
  const loadNew = useCallback(() => {
    if (waiting === 0) return
    showWaiting()
    window.scrollTo(0, 0)
  }, [waiting, showWaiting])
  const markAll = () => {
    setFailure(undefined)
    notifications.markAllRead().catch((error: unknown) => setFailure(cause(error)))
  }
  return (
    <Page
      title={intl.formatMessage({ id: 'notifications.title' })}
      actions={
        fresh.size > 0 && (
          <IconButton
            label={intl.formatMessage({ id: 'notifications.markAll' })}
            icon={<CheckCheck size={19} strokeWidth={1.75} aria-hidden />}
            text={
              <span className={styles.words}>
                <FormattedMessage id="notifications.markAll" />
              </span>
            }
            onClick={markAll}
          />
        )
      }
    >
      <NewPostsPill count={waiting} words="notifications.new" onPress={loadNew} />
      <div className={styles.bar}>
        <Segment
          look="tabs"
          label={intl.formatMessage({ id: 'notifications.tabs' })}
          options={TABS.map((value) => ({ value, label: intl.formatMessage({ id: `notifications.tab.${value}` }) }))}
          value={tab}
          onChange={onChoose}
        />
      </div>
      {failure !== undefined && (
        <p className={styles.failed} role="alert">
          <FormattedMessage id="notifications.notMarked" values={{ cause: failure }} />
        </p>
      )}
      {rows.length > 0 ? (
        <List notifications={notifications} visit={visit} onNew={loadNew} onFocusChange={setHasFocus} />
      ) : notifications.isPending ? (
        <PostSkeleton count={3} />
      ) : notifications.error ? (
        <FailedPanel
          title={<FormattedMessage id="notifications.failedTitle" />}
          error={notifications.error}
          onRetry={notifications.retry}
        />
      ) : (
        <StatePanel
          icon={<Bell size={44} strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id={`notifications.empty.${tab}`} />}
          line={<FormattedMessage id={`notifications.emptyLine.${tab}`} />}
        />
      )}
      {tab === 'all' && !notifications.isPending && <Strangers onShow={() => onChoose('strangers')} />}
    </Page>
  )
}

interface ListProps {
  notifications: Notifications
  visit: Visit
  onNew: () => void
  onFocusChange: (isInside: boolean) => void
}

function List({ notifications, visit, onNew, onFocusChange }: ListProps) {
  const intl = useIntl()
  const list = useRef<HTMLDivElement>(null)
  const { rows, fresh, hasMore, isLoadingMore, loadMore } = notifications
  const groups = useMemo(() => groupNotifications(rows, fresh), [rows, fresh])
  const fold = groups.findIndex(({ isFresh }) => !isFresh)
  // Without one of the two there is one list.
  const parts = fold <= 0 ? [groups] : [groups.slice(0, fold), groups.slice(fold)]
  const keepVisit = useCallback(() => {
    visit.isKept = true
  }, [visit])
  useFeedKeys(list, onNew)
  usePersonUpdates()
  const end = useNearEnd(hasMore && !isLoadingMore, loadMore)
  return (
    <>
      <div ref={list}>
        {parts.map((part, index) => {
          const isLast = index === parts.length - 1
          return (
            <Fragment key={isLast ? 'last' : 'fresh'}>
              {index > 0 && (
                <h2 className={styles.earlier}>
                  <FormattedMessage id="notifications.earlier" />
                </h2>
              )}
              <div
                role="feed"
                aria-label={intl.formatMessage({ id: index > 0 ? 'notifications.earlier' : 'notifications.feed' })}
                aria-busy={isLast && isLoadingMore}
                onFocus={() => onFocusChange(true)}
                onBlur={(event) => {
                  if (!list.current?.contains(event.relatedTarget)) onFocusChange(false)
                }}
              >
                {part.map((group, at) => (
                  <NotificationRow
                    key={group.key}
                    group={group}
                    position={at + 1}
                    setSize={isLast && hasMore ? -1 : part.length}
                    onOpen={keepVisit}
                  />
                ))}
              </div>
            </Fragment>
          )
        })}
      </div>
      <div ref={end} />
    </>
  )
}

/** People who aren't followed ring no bell: their number stands in one row. */
function Strangers({ onShow }: { onShow: () => void }) {
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.notifications.list.queryOptions({ input: { from: 'strangers', limit: COUNTED } }))
  if (data === undefined || data.items.length === 0) return null
  return (
    <div className={styles.strangers}>
      <UsersRound size={20} strokeWidth={1.75} aria-hidden />
      <p>
        <strong>
          <FormattedMessage
            id={data.cursor === null ? 'notifications.strangers' : 'notifications.strangersMore'}
            values={{ n: data.items.length }}
          />
        </strong>
        <span className={styles.note}>
          <FormattedMessage id="notifications.strangersLine" />
        </span>
      </p>
      <Button size="small" onClick={onShow}>
        <FormattedMessage id="notifications.show" />
      </Button>
    </div>
  )
}

/** Far enough above the end that the next page is there before it is reached. */
const AHEAD = '800px'

/** @returns what to put at the end of a list: once it is near the screen, `onNear` is called. */
function useNearEnd(isWanted: boolean, onNear: () => void) {
  const end = useRef<HTMLDivElement>(null)
  const near = useRef(onNear)
  useEffect(() => {
    near.current = onNear
  })
  useEffect(() => {
    const element = end.current
    if (!isWanted || element === null) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) near.current()
      },
      { rootMargin: AHEAD },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [isWanted])
  return end
}

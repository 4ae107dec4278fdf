import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import type { Notification, NotificationFilter, NotificationPage } from '../../../core/contract/reading.ts'
import { useNodeEvent } from '../../rpc/events.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { type LiveFeed, useLiveFeed } from '../timeline/use-live-feed.ts'
import type { NotificationTab, Visit } from './visit.ts'

const FILTERS: Record<NotificationTab, NotificationFilter> = {
  all: { from: 'known' },
  talk: { from: 'known', kinds: ['reply', 'mention', 'quote'] },
  strangers: { from: 'strangers' },
}
const PAGE_SIZE = 50
const timeOf = (item: Notification) => item.at

export interface Notifications extends LiveFeed<Notification> {
  /** Ids of what was unread when this visit first showed it. */
  fresh: ReadonlySet<string>
  /** Takes every mark away, of what isn't shown too. */
  markAllRead: () => Promise<void>
}

/** One list of notifications, kept current. What it shows counts as read from then on, for the whole account. */
export function useNotifications(tab: NotificationTab, visit: Visit, isReading: boolean): Notifications {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const queryKey = useMemo(() => [...orpc.notifications.list.key({ type: 'infinite' }), tab], [orpc, tab])
  const readPage = useCallback(
    (cursor: string | undefined): Promise<NotificationPage> =>
      client.notifications.list({ ...FILTERS[tab], limit: PAGE_SIZE, cursor }),
    [client, tab],
  )
  const feed = useLiveFeed({
    queryKey,
    readPage,
    timeOf,
    isReading,
    heldTop: visit.top,
    onHold: (top) => {
      visit.top = top
    },
  })
  const { rows, lookSoon } = feed
  useNodeEvent((event) => {
    if (event.type === 'notifications') lookSoon()
  })

  const [fresh, setFresh] = useState(visit.fresh)
  const markFresh = useCallback(
    (ids: ReadonlySet<string>) => {
      visit.fresh = ids
      setFresh(ids)
    },
    [visit],
  )
  useLayoutEffect(() => {
    const unseen = rows.filter((item) => item.unread && !fresh.has(item.id))
    if (unseen.length > 0) markFresh(new Set([...fresh, ...unseen.map(({ id }) => id)]))
  }, [rows, fresh, markFresh])

  const newest = rows.find((item) => item.unread)?.id
  const isSeen = useIsVisible()
  useEffect(() => {
    // What can't be marked now is with the next thing that comes, or at the next visit.
    if (isSeen && newest !== undefined) client.notifications.markRead({ id: newest }).catch(() => undefined)
  }, [client, isSeen, newest])

  return {
    ...feed,
    fresh,
    markAllRead: async () => {
      await client.notifications.markRead({})
      await queryClient.invalidateQueries({ queryKey: orpc.notifications.list.key() })
      markFresh(new Set())
    },
  }
}

function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(() => document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isVisible
}

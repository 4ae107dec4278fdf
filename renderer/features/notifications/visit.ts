import type { QueryClient } from '@tanstack/react-query'
import type { FeedTop } from '../timeline/feed-window.ts'

/** all: of people who are followed · talk: what they say in words · strangers: all of everybody else */
export type NotificationTab = 'all' | 'talk' | 'strangers'

/** What the page of notifications remembers while another page is shown. */
export interface Visit {
  tab: NotificationTab
  /** Ids of what was unread when it was first shown: marked until the visit ends, whatever was read meanwhile. */
  fresh: ReadonlySet<string>
  /** Where the reading was held. */
  top: FeedTop | null
  /** How far down the page was, pixels. */
  offset: number
  /** It was left through one of its rows: coming back finds it as it was. */
  isKept: boolean
}

const visits = new WeakMap<QueryClient, Visit>()

/** The visit that goes on, or a new one. */
export function visitOf(queryClient: QueryClient): Visit {
  const visit = visits.get(queryClient) ?? { tab: 'all', fresh: new Set(), top: null, offset: 0, isKept: false }
  visits.set(queryClient, visit)
  return visit
}

export function endVisit(queryClient: QueryClient): void {
  visits.delete(queryClient)
}

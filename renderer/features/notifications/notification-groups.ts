import type { Notification } from '../../../core/contract/reading.ts'
import type { Person } from '../../../core/contract/views.ts'

/** One row: reactions to, or reposts of, one post; people who follow; or one thing that somebody said. */
export interface NotificationGroup {
  key: string
  kind: Notification['kind']
  /** Not seen before this visit. */
  isFresh: boolean
  /** Everybody who says it, the latest first, each once. */
  people: Person[]
  /** The latest of them. */
  latest: Notification
}

/**
 * Makes rows of notifications, newest first: what several people do with one post is one row, at the place of the latest.
 * What is fresh never joins what was there, so that a row that has been seen doesn't come back to the top.
 */
export function groupNotifications(items: readonly Notification[], fresh: ReadonlySet<string>): NotificationGroup[] {
  const groups = new Map<string, NotificationGroup>()
  for (const item of items) {
    const isFresh = fresh.has(item.id)
    const key = `${isFresh ? 'fresh' : 'seen'} ${subjectOf(item)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { key, kind: item.kind, isFresh, people: [item.from], latest: item })
    else if (!group.people.some(({ profile }) => profile === item.from.profile)) group.people.push(item.from)
  }
  return [...groups.values()]
}

/** What is alike in those that stand in one row. */
function subjectOf({ id, kind, post, at }: Notification): string {
  if (kind === 'follow') return `follow ${new Date(at).toDateString()}`
  if ((kind === 'reaction' || kind === 'repost') && post) return `${kind} ${post.id}`
  return id
}

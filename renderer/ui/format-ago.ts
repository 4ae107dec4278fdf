import type { IntlShape } from 'react-intl'
import { formatDay } from './format-day.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Longer ago it is a date. */
const DAYS_SAID = 7

/** "just now", "21 minutes ago", "yesterday", "3 Nov", "3 Nov 2025", for the middle of a sentence. */
export function formatAgo(intl: IntlShape, ts: number, now: number): string {
  const age = Math.max(0, now - ts)
  if (age < MINUTE_MS) return intl.formatMessage({ id: 'ui.time.now' })
  if (age < HOUR_MS) return intl.formatRelativeTime(-Math.floor(age / MINUTE_MS), 'minute')
  if (age < DAY_MS) return intl.formatRelativeTime(-Math.floor(age / HOUR_MS), 'hour')
  if (age < DAYS_SAID * DAY_MS) {
    return intl.formatRelativeTime(-Math.floor(age / DAY_MS), 'day', { numeric: 'auto' })
  }
  const isThisYear = new Date(ts).getFullYear() === new Date(now).getFullYear()
  return formatDay(intl, ts, { month: 'short', year: !isThisYear })
}

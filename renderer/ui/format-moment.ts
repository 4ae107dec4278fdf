import type { IntlShape } from 'react-intl'
import { formatDay } from './format-day.ts'

/** A time of day: "11:20" or "11:20 am" by region, « 11 h 20 » and « 7 h » in French. */
export function formatClock(intl: IntlShape, ts: number): string {
  if (!intl.locale.startsWith('fr')) return intl.formatTime(ts, { timeStyle: 'short' })
  const date = new Date(ts)
  const minutes = date.getMinutes()
  return `${date.getHours()}\u00a0h${minutes === 0 ? '' : `\u00a0${String(minutes).padStart(2, '0')}`}`
}

/** A time of today, or day and time. */
export function formatMoment(intl: IntlShape, ts: number): string {
  const isToday = new Date(ts).toDateString() === new Date().toDateString()
  if (isToday) return formatClock(intl, ts)
  return `${formatDay(intl, ts, { month: 'short' })}, ${formatClock(intl, ts)}`
}

/** A time to come or gone, for the middle of a sentence: "today at 18:30", "on 4 Nov at 18:30", « le 4 nov. à 18 h 30 ». */
export function formatDue(intl: IntlShape, ts: number): string {
  const time = formatClock(intl, ts)
  if (new Date(ts).toDateString() === new Date().toDateString()) {
    return intl.formatMessage({ id: 'ui.due.today' }, { time })
  }
  return intl.formatMessage({ id: 'ui.due' }, { day: formatDay(intl, ts, { month: 'short' }), time })
}

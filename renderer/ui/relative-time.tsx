import { useEffect, useState } from 'react'
import { type IntlShape, useIntl } from 'react-intl'
import { formatDay } from './format-day.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const TICK_MS = 30_000

/** "just now", "38 min", "5 h", "yesterday", "3 Nov", "3 Nov 2025". A clock that runs ahead reads as now. */
export function formatRelativeTime(intl: IntlShape, ts: number, now: number): string {
  const age = Math.max(0, now - ts)
  if (age < MINUTE_MS) return intl.formatMessage({ id: 'ui.time.now' })
  if (age < HOUR_MS) return intl.formatMessage({ id: 'ui.time.minutes' }, { n: Math.floor(age / MINUTE_MS) })
  if (age < 12 * HOUR_MS || isSameDay(ts, now)) {
    return intl.formatMessage({ id: 'ui.time.hours' }, { n: Math.floor(age / HOUR_MS) })
  }
  if (isSameDay(ts + DAY_MS, now)) return intl.formatMessage({ id: 'ui.time.yesterday' })
  const isThisYear = new Date(ts).getFullYear() === new Date(now).getFullYear()
  return formatDay(intl, ts, { month: 'short', year: !isThisYear })
}

function isSameDay(first: number, second: number): boolean {
  return new Date(first).toDateString() === new Date(second).toDateString()
}

/** The age of something, kept current; the whole date stands in the tooltip. `ts` in milliseconds since 1970. */
export function RelativeTime({ ts, className }: { ts: number; className?: string | undefined }) {
  const intl = useIntl()
  const now = useNow()
  return (
    <time
      dir="auto"
      dateTime={new Date(ts).toISOString()}
      title={intl.formatDate(ts, { dateStyle: 'full', timeStyle: 'short' })}
      className={className}
    >
      {formatRelativeTime(intl, ts, now)}
    </time>
  )
}

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One timer for all times on the page. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const tick = () => setNow(Date.now())
    listeners.add(tick)
    timer ??= setInterval(() => {
      for (const listener of listeners) listener()
    }, TICK_MS)
    return () => {
      listeners.delete(tick)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }, [])
  return now
}

import { useEffect, useState } from 'react'
import { DAY_MINUTES } from '../../core/contract/figures.ts'
import type { QuietHours } from '../../core/contract/settings.ts'
import { useSettings } from './use-settings.ts'

const MINUTE_MS = 60_000

/** @param minute of the day, by the clock on the wall */
export function isQuietAt({ from, until }: QuietHours, minute: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until
}

const minuteOf = (date: Date) => date.getHours() * 60 + date.getMinutes()

/** "22:30", as a field for times of day has it. */
export function formatMinute(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** @returns null for what is no time of a day */
export function parseMinute(text: string): number | null {
  const [, hours, minutes] = /^(\d{2}):(\d{2})/.exec(text) ?? []
  const minute = Number(hours) * 60 + Number(minutes)
  return minute < DAY_MINUTES && Number(minutes) < 60 ? minute : null
}

/** The hours that last at present, or null. Looks at the clock once a minute. */
export function useQuiet(): QuietHours | null {
  const { quietHours } = useSettings().settings
  const [minute, setMinute] = useState(() => minuteOf(new Date()))
  useEffect(() => {
    if (quietHours === null) return
    const look = () => setMinute(minuteOf(new Date()))
    look()
    const timer = setInterval(look, MINUTE_MS)
    return () => clearInterval(timer)
  }, [quietHours])
  return quietHours !== null && isQuietAt(quietHours, minute) ? quietHours : null
}

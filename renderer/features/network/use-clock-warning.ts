import type { IntlShape } from 'react-intl'
import { useNetwork } from '../../app/use-network.ts'

export interface ClockWarning {
  /** This clock is before or behind those of the seeds. */
  side: 'ahead' | 'behind'
  /** By so much, milliseconds. */
  offMs: number
}

/** The clock of this computer is wrong by more than others put up with; undefined while it is right or nobody can say. */
export function useClockWarning(): ClockWarning | undefined {
  const { offsetMs, warning } = useNetwork()?.clock ?? { offsetMs: null, warning: false }
  if (!warning || offsetMs === null) return undefined
  return { side: offsetMs > 0 ? 'ahead' : 'behind', offMs: Math.abs(offsetMs) }
}

const MINUTE_MS = 60_000
/** The largest unit of which there are at least two. */
const UNITS = [
  ['year', 365.25 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', MINUTE_MS],
] as const

/** "7 minutes", "3 hours": rounded, for a sentence that says "about"; figure and unit stay in one line. */
export function formatSpan(intl: IntlShape, spanMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => spanMs >= 2 * ms) ?? ['minute', MINUTE_MS]
  const span = intl.formatNumber(Math.round(spanMs / unitMs), { style: 'unit', unit, unitDisplay: 'long' })
  return span.replaceAll(' ', '\u00a0')
}

const SYSTEMS = [
  ['windows', /Windows/u],
  ['mac', /Mac|iPhone|iPad/u],
  ['linux', /Linux|X11/u],
] as const

/** Where the clock is set depends on it. */
export function systemOf(userAgent: string): 'windows' | 'mac' | 'linux' | 'other' {
  return SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other'
}

import type { IntlShape } from 'react-intl'

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

import type { IntlShape } from 'react-intl'

export interface DayInit {
  month: 'short' | 'long'
  /** Left out, the year isn't said. */
  year?: boolean | undefined
}

/** "3 Nov", "3 November 2026"; the first of a month is « 1er » in French, which the rules of the browser leave out. */
export function formatDay(intl: IntlShape, ts: number, { month, year = false }: DayInit): string {
  const day = intl.formatDate(ts, { day: 'numeric', month, ...(year ? { year: 'numeric' } : {}) })
  return intl.locale.startsWith('fr') ? day.replace(/^1(?=\s)/u, '1er') : day
}

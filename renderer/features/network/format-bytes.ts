import type { IntlShape } from 'react-intl'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** "982 KB", "4.8 MB"; « 982 ko », « 4,8 Mo ». Thousands, as disks and providers count. */
export function formatBytes(intl: IntlShape, bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** step
  return intl.formatNumber(value, {
    style: 'unit',
    unit: UNITS[step] as (typeof UNITS)[number],
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && step > 1 ? 1 : 0,
  })
}

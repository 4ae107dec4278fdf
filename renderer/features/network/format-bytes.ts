import type { IntlShape } from 'react-intl'

const UNITS = ['bytes', 'kilobytes', 'megabytes', 'gigabytes'] as const

/** "982 KB", "4.8 MB"; « 982 ko », « 4,8 Mo ». In thousands, as providers and disks count. */
export function formatBytes(intl: IntlShape, bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** step
  const size = intl.formatNumber(value, { maximumFractionDigits: value < 10 && step > 1 ? 1 : 0 })
  return intl.formatMessage({ id: `network.size.${UNITS[step]}` }, { size })
}

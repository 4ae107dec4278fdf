import type { IntlShape } from 'react-intl'

const KB = 1_024
const MB = 1_024 * 1_024

/** "18 KB", "2.4 MB". */
export function formatSize(intl: IntlShape, bytes: number): string {
  return bytes < MB
    ? intl.formatMessage({ id: 'media.kilobytes' }, { size: Math.max(1, Math.round(bytes / KB)) })
    : intl.formatMessage({ id: 'media.megabytes' }, { size: bytes / MB })
}

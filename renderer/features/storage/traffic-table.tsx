import { FormattedMessage, useIntl } from 'react-intl'
import type { TrafficDay } from '../../../core/contract/storage.ts'
import { formatDay } from '../../ui/format-day.ts'
import { formatBytes } from '../network/format-bytes.ts'
import network from '../network/network.module.css'
import styles from './storage.module.css'

const PARTS = ['gossip', 'sync', 'feed', 'media', 'other'] as const

/** Bytes by the day, the newest first, with what they were for in all these days together. */
export function TrafficTable({ days }: { days: readonly TrafficDay[] }) {
  const intl = useIntl()
  const most = Math.max(1, ...days.map((day) => day.receivedBytes + day.sentBytes))
  const total = (part: (typeof PARTS)[number]) =>
    days.reduce((sum, { parts }) => sum + parts[part].receivedBytes + parts[part].sentBytes, 0)
  const share = (bytes: number) => ({ inlineSize: `${(100 * bytes) / most}%` })
  return (
    <>
      <p className={network.none}>
        <FormattedMessage
          id="storage.parts"
          values={Object.fromEntries(PARTS.map((part) => [part, formatBytes(intl, total(part))]))}
        />
      </p>
      <table className={network.table}>
        <thead>
          <tr>
            <th scope="col">
              <FormattedMessage id="storage.day" />
            </th>
            <td className={styles.barCell} />
            <th scope="col" className={styles.figure} data-key="received">
              <FormattedMessage id="storage.received" />
            </th>
            <th scope="col" className={styles.figure} data-key="sent">
              <FormattedMessage id="storage.sent" />
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, receivedBytes, sentBytes }) => (
            <tr key={day}>
              <th scope="row">
                {formatDay(intl, new Date(`${day}T12:00`).getTime(), { month: 'short', year: false })}
              </th>
              <td className={styles.barCell} aria-hidden>
                <span className={styles.dayBar}>
                  <span style={share(receivedBytes)} />
                  <span style={share(sentBytes)} />
                </span>
              </td>
              <td className={styles.figure}>{formatBytes(intl, receivedBytes)}</td>
              <td className={styles.figure}>{formatBytes(intl, sentBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

import { CircleAlert, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../rpc/provider.tsx'
import { formatMoment } from '../ui/format-moment.ts'
import styles from './status-line.module.css'
import { useNetwork } from './use-network.ts'

const code = (words: ReactNode) => <code>{words}</code>

/** One amber line at the top of the square: the program is gone, the browser is not let in, or nobody is reachable. */
export function StatusLine() {
  const { connection, retry } = useRpc()
  return (
    <div role="status">
      {connection === 'expired' ? (
        <Line icon={<CircleAlert size={19} strokeWidth={1.75} aria-hidden />} onRetry={retry}>
          <FormattedMessage id="line.expired" values={{ code }} />
        </Line>
      ) : connection === 'lost' ? (
        <Line icon={<CircleAlert size={19} strokeWidth={1.75} aria-hidden />} onRetry={retry}>
          <FormattedMessage id="line.lost" />
        </Line>
      ) : (
        <OfflineLine />
      )}
    </div>
  )
}

function OfflineLine() {
  const intl = useIntl()
  const network = useNetwork()
  if (network?.state !== 'offline') return null
  const { lastConnectedAt: since, storage } = network
  return (
    <Line icon={<WifiOff size={19} strokeWidth={1.75} aria-hidden />}>
      {since === null ? (
        <FormattedMessage id="line.offline.never" />
      ) : (
        <FormattedMessage id="line.offline" values={{ when: formatMoment(intl, since) }} />
      )}{' '}
      <FormattedMessage id="line.waiting" values={{ n: storage.ownUnheld }} />
    </Line>
  )
}

function Line({ icon, children, onRetry }: { icon: ReactNode; children: ReactNode; onRetry?: () => void }) {
  return (
    <div className={styles.line}>
      {icon}
      <p className={styles.words}>{children}</p>
      {onRetry !== undefined && (
        <button type="button" className={styles.action} onClick={onRetry}>
          <FormattedMessage id="line.retry" />
        </button>
      )}
    </div>
  )
}

import { CircleAlert, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../rpc/provider.tsx'
import { formatMoment } from '../ui/format-moment.ts'
import { Strip } from '../ui/strip.tsx'
import { useNetwork } from './use-network.ts'

const code = (words: ReactNode) => <code>{words}</code>

/** One amber line at the top of the square: the program is gone, the browser is not let in, or nobody is reachable. */
export function StatusLine() {
  const { connection, retry } = useRpc()
  return (
    <div role="status">
      {connection === 'expired' ? (
        <Line onRetry={retry}>
          <FormattedMessage id="line.expired" values={{ code }} />
        </Line>
      ) : connection === 'lost' ? (
        <Line onRetry={retry}>
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
  // A drill has its own line.
  if (network?.state !== 'offline' || network.drill !== undefined) return null
  const { lastConnectedAt: since, storage } = network
  return (
    <Strip tone="warn" icon={<WifiOff size={19} strokeWidth={1.75} aria-hidden />}>
      {since === null ? (
        <FormattedMessage id="line.offline.never" />
      ) : (
        <FormattedMessage id="line.offline" values={{ when: formatMoment(intl, since) }} />
      )}{' '}
      <FormattedMessage id="line.waiting" values={{ n: storage.ownUnheld }} />
    </Strip>
  )
}

function Line({ children, onRetry }: { children: ReactNode; onRetry: () => void }) {
  return (
    <Strip
      tone="warn"
      icon={<CircleAlert size={19} strokeWidth={1.75} aria-hidden />}
      action={
        <button type="button" onClick={onRetry}>
          <FormattedMessage id="line.retry" />
        </button>
      }
    >
      {children}
    </Strip>
  )
}

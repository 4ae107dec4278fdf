import { WifiOff } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useRoute } from 'wouter'
import { useRpc } from '../rpc/provider.tsx'
import { classNames } from '../ui/class-names.ts'
import { Rings } from '../ui/rings.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './connection-chip.module.css'
import { summarizeNetwork } from './network-state.ts'
import { routes } from './routes.ts'
import { useNetwork } from './use-network.ts'

/** How this node stands in the network, in rings and two lines; opens the Network page. */
export function ConnectionChip({ compact = false }: { compact?: boolean }) {
  const intl = useIntl()
  const { connection } = useRpc()
  const [isCurrent] = useRoute(routes.network)
  const network = useNetwork()
  const { state, seeds, peers } = summarizeNetwork(connection, network)
  const isAgain = (network?.lastConnectedAt ?? null) !== null
  const isOff = state === 'offline' || state === 'lost' || state === 'expired'
  const title = intl.formatMessage({ id: `chip.${state}` })
  const line = isOff
    ? intl.formatMessage({ id: `chip.line.${state}` })
    : seeds + peers === 0
      ? intl.formatMessage({ id: isAgain ? 'chip.line.again' : 'chip.line.connecting' })
      : intl.formatMessage({ id: 'chip.count' }, { seeds, peers, both: seeds > 0 && peers > 0 ? 'yes' : 'no' })
  const short =
    seeds > 0 && !isOff
      ? intl.formatMessage({ id: 'chip.seeds' }, { seeds })
      : peers > 0 && !isOff
        ? intl.formatMessage({ id: 'chip.peers' }, { peers })
        : title
  return (
    <Link
      href={routes.network}
      className={classNames(styles.chip, compact && styles.compact, isOff && styles.off, isCurrent && styles.current)}
      aria-current={isCurrent ? 'page' : undefined}
    >
      <VisuallyHidden>
        <FormattedMessage id="chip.network" />
      </VisuallyHidden>
      {isOff ? <WifiOff size={20} strokeWidth={1.75} aria-hidden /> : <Rings held={seeds} size={20} />}
      {compact ? (
        <bdi className={styles.line}>{short}</bdi>
      ) : (
        <span className={styles.words}>
          <span className={styles.title}>{title}</span>
          <bdi className={styles.line}>{line}</bdi>
        </span>
      )}
    </Link>
  )
}

import { FormattedMessage, useIntl } from 'react-intl'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { summarizeHolding, summarizeNetwork } from '../../app/network-state.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { formatClock, formatMoment } from '../../ui/format-moment.ts'
import { Rings } from '../../ui/rings.tsx'
import styles from './network.module.css'
import { wayOf } from './peer-way.ts'

/** The state in a sentence, then its cause: only what the node knows. */
export function NetworkHero({ network }: { network: NetworkStatus }) {
  const intl = useIntl()
  const { connection } = useRpc()
  const { state, seeds, peers } = summarizeNetwork(connection, network)
  const { full, unheld, cause } = summarizeHolding(network, (peer) => peer.peerId)
  const isAllNear = network.network !== 'local' && peers > 0 && network.peers.every((peer) => wayOf(peer) === 'near')
  const kind = (() => {
    if (state === 'expired') return 'lost'
    if (state === 'lost') return state
    if (network.drill !== undefined) return 'drill'
    if (state === 'offline' || state === 'connecting') return state
    if (network.direct !== null && seeds === 0 && isAllNear) return 'near'
    if (network.direct !== null && seeds === 0 && peers > 0) return 'direct'
    if (cause === 'none') return 'none'
    if (seeds === 0) return 'noSeed'
    if (unheld > 0) return 'sending'
    if (full.length === 1) return 'heldOnce'
    return full.length > 1 ? 'held' : 'parts'
  })()
  const directSince = network.direct === null ? '' : formatMoment(intl, network.direct.since)
  const cut = network.drill?.cut ?? ''
  const until = network.drill === undefined ? '' : formatClock(intl, network.drill.endsAt)
  const since = network.lastConnectedAt === null ? 'never' : formatMoment(intl, network.lastConnectedAt)
  const held = kind === 'held' || kind === 'heldOnce' ? full.length : kind === 'parts' ? 1 : 0
  return (
    <section className={styles.hero} aria-labelledby="network-state">
      <Rings held={held} size={104} />
      <div>
        <h2 id="network-state" className={styles.heroTitle}>
          <FormattedMessage id={`network.hero.${kind}`} />
        </h2>
        <p className={styles.heroLine}>
          <FormattedMessage
            id={`network.hero.${kind}.line`}
            values={{ full: full.length, seeds, peers, unheld, since, directSince, cut, until }}
          />
        </p>
      </div>
    </section>
  )
}

import { ArrowDownLeft, ArrowUpRight, Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, type IntlShape, useIntl } from 'react-intl'
import type { NetworkStatus, PeerView } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { NoSeeds } from '../invite/no-seeds.tsx'
import { useCalled } from '../people/use-called.ts'
import { useCopy } from '../people/use-copy.ts'
import { describeCause } from './describe-cause.ts'
import styles from './network.module.css'
import { wayOf } from './peer-way.ts'

function Section({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionTitle}>{title}</h2>
      {children}
    </section>
  )
}

export function SeedTable({ seeds, ownRecords }: { seeds: readonly PeerView[]; ownRecords: number }) {
  return (
    <Section title={<FormattedMessage id="network.seeds" />}>
      {seeds.length === 0 ? (
        <>
          <p className={styles.none}>
            <FormattedMessage id="network.seeds.none" />
          </p>
          <NoSeeds />
        </>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              {['seed', 'state', 'yours', 'synced', 'delay'].map((column) => (
                <th key={column} scope="col" data-column={column}>
                  <FormattedMessage id={`network.col.${column}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seeds.map((seed) => (
              <tr key={seed.peerId}>
                <th scope="row" data-column="seed">
                  <PeerName peer={seed} />
                  {seed.feed !== null && (
                    <span className={styles.feedNarrow}>
                      <FormattedMessage id={`network.feed.${seed.feed}`} />
                    </span>
                  )}
                </th>
                <td data-column="state">
                  <span className={styles.state}>
                    <FormattedMessage id="network.connected" />
                  </span>
                  {seed.feed !== null && (
                    <span className={styles.feed}>
                      <FormattedMessage id={`network.feed.${seed.feed}`} />
                    </span>
                  )}
                </td>
                <td data-column="yours">
                  <FormattedMessage id="network.ofAll" values={{ n: seed.ownHeld, all: ownRecords }} />
                </td>
                <td data-column="synced">
                  {seed.syncedAt === null ? (
                    <FormattedMessage id="network.never" />
                  ) : (
                    <RelativeTime ts={seed.syncedAt} />
                  )}
                </td>
                <td data-column="delay">
                  <Delay peer={seed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

/** On a local network everybody is near, and that isn't said. */
export function PeerList({ peers, isLocal }: { peers: readonly PeerView[]; isLocal: boolean }) {
  return (
    <Section title={<FormattedMessage id="network.peers" values={{ n: peers.length }} />}>
      {peers.length === 0 && (
        <p className={styles.none}>
          <FormattedMessage id="network.peers.none" />
        </p>
      )}
      <ul>
        {peers.map((peer) => (
          <li key={peer.peerId} className={styles.row}>
            {peer.direction === 'in' ? (
              <ArrowDownLeft size={18} strokeWidth={1.75} aria-hidden />
            ) : (
              <ArrowUpRight size={18} strokeWidth={1.75} aria-hidden />
            )}
            <span className={styles.grow}>
              <PeerName peer={peer} />
            </span>
            <span className={styles.way}>
              {!isLocal && (
                <>
                  <FormattedMessage id={`network.way.${wayOf(peer)}`} /> ·{' '}
                </>
              )}
              <FormattedMessage id={`network.${peer.direction}`} />
            </span>
            <span className={styles.figure}>
              <Delay peer={peer} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

export function UnreachableList({ items }: { items: NetworkStatus['unreachable'] }) {
  const intl = useIntl()
  return (
    <ul>
      {items.map((item) => (
        <li key={item.address} className={styles.stack}>
          <span className={styles.address} dir="ltr">
            {item.address}
          </span>
          <span className={styles.waits}>
            <FormattedMessage
              id="network.unreachable.line"
              values={{ cause: describeCause(intl, item.cause), when: formatNext(intl, item.nextTryAt) }}
            />
          </span>
        </li>
      ))}
    </ul>
  )
}

export function AddressList({ network }: { network: NetworkStatus }) {
  return (
    <>
      {network.network === 'local' && (
        <p className={styles.none}>
          <FormattedMessage id="network.reach.local" />
        </p>
      )}
      {network.addresses.length === 0 && (
        <p className={styles.none}>
          <FormattedMessage id="network.reach.none" />
        </p>
      )}
      <ul>
        {network.addresses.map((address) => (
          <CopyRow key={address} text={address} />
        ))}
      </ul>
      <h3 className={styles.small}>
        <FormattedMessage id="network.peerId" />
      </h3>
      <CopyRow text={network.peerId} as="div" />
    </>
  )
}

function CopyRow({ text, as: Tag = 'li' }: { text: string; as?: 'li' | 'div' }) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  return (
    <Tag className={styles.row}>
      <span className={styles.grow}>
        <span className={styles.address} dir="ltr">
          {text}
        </span>
        {failure !== undefined && <span className={styles.waits}>{failure}</span>}
      </span>
      <IconButton
        label={intl.formatMessage({ id: 'network.copy' }, { address: text })}
        icon={<Copy size={17} strokeWidth={1.75} aria-hidden />}
        onClick={() => void copy(text, 'network.copied')}
      />
    </Tag>
  )
}

function PeerName({ peer }: { peer: PeerView }) {
  const called = useCalled()
  const profile = peer.profile ?? peer.peerId
  const short = shortPeerId(profile)
  return (
    <span className={styles.peer}>
      <bdi className={styles.name}>{called({ profile, name: peer.name })}</bdi>
      <span className={styles.faint} dir="ltr">
        {short}
      </span>
    </span>
  )
}

function Delay({ peer }: { peer: PeerView }) {
  return peer.latencyMs === null ? (
    <FormattedMessage id="network.unknown" />
  ) : (
    <FormattedMessage id="network.delay" values={{ ms: Math.max(1, Math.round(peer.latencyMs)) }} />
  )
}

function formatNext(intl: IntlShape, at: number): string {
  const seconds = Math.round((at - Date.now()) / 1_000)
  if (seconds < 5) return intl.formatMessage({ id: 'network.unreachable.soon' })
  return seconds < 90
    ? intl.formatRelativeTime(seconds, 'second')
    : intl.formatRelativeTime(Math.round(seconds / 60), 'minute')
}

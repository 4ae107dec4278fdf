import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormattedMessage, type IntlShape, useIntl } from 'react-intl'
import type { Evidence } from '../../../core/contract/evidence.ts'
import type { NamedPeer } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { PersonLink } from '../people/person-link.tsx'
import { useCalled } from '../people/use-called.ts'
import styles from './network.module.css'

/** What peers owe, and devices that signed two histories: nothing at all where there is none. */
export function EvidenceSections() {
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.network.evidence.queryOptions())
  const owed = data?.items.filter(({ kind }) => kind !== 'fork') ?? []
  const forks = data?.items.filter(({ kind }) => kind === 'fork') ?? []
  return (
    <>
      {owed.length > 0 && (
        <EvidenceSection id="owed">
          {owed.map((item) => (
            <OwedRow key={keyOf(item)} item={item} />
          ))}
        </EvidenceSection>
      )}
      {forks.length > 0 && (
        <EvidenceSection id="forks">
          {forks.map((item) => (
            <ForkRow key={keyOf(item)} item={item} />
          ))}
        </EvidenceSection>
      )}
    </>
  )
}

function EvidenceSection({ id, children }: { id: 'owed' | 'forks'; children: ReactNode }) {
  return (
    <section className={styles.section} aria-labelledby={`network-${id}`}>
      <h2 id={`network-${id}`} className={styles.sectionTitle}>
        <FormattedMessage id={`network.${id}`} />
      </h2>
      <p className={styles.none}>
        <FormattedMessage id={`network.${id}.about`} />
      </p>
      <ul>{children}</ul>
    </section>
  )
}

function OwedRow({ item }: { item: Evidence }) {
  const { kind, state, count, peers, author, from } = item
  const calledPeer = usePeerName()
  const values = {
    count,
    author: <PersonLink {...author} quiet />,
    from: from === null ? null : <bdi>{calledPeer(from)}</bdi>,
  }
  return (
    <li className={styles.evidence}>
      {peers.slice(0, 1).map((peer) => (
        <Head key={peer.peerId} name={calledPeer(peer)} short={shortPeerId(peer.profile ?? peer.peerId)} item={item} />
      ))}
      <p>
        <FormattedMessage id={`network.owed.${kind}${isPast(item) ? '.was' : ''}`} values={values} />
      </p>
      <p className={kind === 'withheld' && state === 'open' ? styles.waits : styles.faint}>
        <FormattedMessage id={`network.owed.${kind}.${outcomeOf(item)}`} values={values} />
      </p>
    </li>
  )
}

/** The device is named, since it is what signed twice; the peers only brought it. */
function ForkRow({ item }: { item: Evidence }) {
  const intl = useIntl()
  const { author, device, count, seqs, peers } = item
  const calledPeer = usePeerName()
  return (
    <li className={styles.evidence}>
      <Head name={<PersonLink {...author} />} short={shortPeerId(device)} item={item} />
      <p>
        <FormattedMessage id="network.forks.line" values={{ count, seqs: formatSeqs(intl, seqs) }} />
      </p>
      {peers.length > 0 && (
        <p className={styles.faint}>
          <FormattedMessage
            id="network.forks.from"
            values={{ peers: <bdi>{intl.formatList(peers.map(calledPeer))}</bdi> }}
          />
        </p>
      )}
    </li>
  )
}

function Head({ name, short, item }: { name: ReactNode; short: string; item: Evidence }) {
  return (
    <p className={styles.evidenceHead}>
      <bdi className={styles.name}>{name}</bdi>
      <span className={styles.faint} dir="ltr">
        {short}
      </span>
      <RelativeTime ts={item.since} className={styles.evidenceTime} />
    </p>
  )
}

/** The peer lacks it no more, or, of a tail, somebody has been found who had it. */
function isPast({ kind, state }: Evidence): boolean {
  return kind === 'tail' ? state !== 'open' : state === 'settled' && kind !== 'withheld'
}

/** How it stands, as far as that is known: `open` where nobody is known to have sent it. */
function outcomeOf({ kind, state, from }: Evidence): 'open' | 'from' | 'elsewhere' | 'settled' {
  if (state === 'settled') return 'settled'
  if ((kind === 'withheld' || kind === 'tail') && state === 'open') return 'open'
  return from === null ? 'elsewhere' : 'from'
}

function usePeerName(): (peer: NamedPeer) => string {
  const called = useCalled()
  return (peer) => called({ profile: peer.profile ?? peer.peerId, name: peer.name })
}

/** "12", "21–25 and 30". */
function formatSeqs(intl: IntlShape, seqs: Evidence['seqs']): string {
  const number = (value: number) => intl.formatNumber(value)
  return intl.formatList(seqs.map(([from, to]) => (from === to ? number(from) : `${number(from)}–${number(to)}`)))
}

function keyOf({ kind, peers, author, device, since }: Evidence): string {
  return [kind, peers[0]?.peerId, author.profile, device, since].join(' ')
}

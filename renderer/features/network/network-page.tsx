import { useQuery } from '@tanstack/react-query'
import { FormattedMessage, useIntl } from 'react-intl'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { ContextSection } from '../../app/context-section.tsx'
import { Page } from '../../app/layout.tsx'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { DataSection } from '../storage/data-section.tsx'
import { AddressSharing } from './address-sharing.tsx'
import { CatchUpSection } from './catch-up.tsx'
import { ClockSection } from './clock-notes.tsx'
import { ConnectForm } from './connect-form.tsx'
import { DrillSection } from './drill-section.tsx'
import { EvidenceSections } from './evidence-section.tsx'
import { Fold } from './fold.tsx'
import { formatBytes } from './format-bytes.ts'
import { ImportSection } from './import-section.tsx'
import styles from './network.module.css'
import { NetworkHero } from './network-hero.tsx'
import { AddressList, PeerList, SeedTable, UnreachableList } from './network-lists.tsx'
import { ReachSection } from './reach-section.tsx'

/** Peers, seeds, addresses and the data used: what the connection chip stands for. */
export function NetworkPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data, error, refetch } = useQuery(orpc.network.status.queryOptions({ refetchInterval: 10_000 }))
  return (
    <Page
      title={intl.formatMessage({ id: 'network.title' })}
      context={data === undefined ? null : <Ledger network={data} />}
    >
      {data !== undefined ? (
        <Content network={data} />
      ) : error !== null ? (
        <FailedPanel
          title={<FormattedMessage id="network.failed.title" />}
          error={error}
          line={<FormattedMessage id="network.failed.line" values={{ code: errorCodeOf(error) }} />}
          onRetry={() => void refetch()}
        />
      ) : (
        <PostSkeleton />
      )}
    </Page>
  )
}

function Content({ network }: { network: NetworkStatus }) {
  const intl = useIntl()
  const seeds = network.peers.filter((peer) => peer.role === 'seed')
  const peers = network.peers.filter((peer) => peer.role !== 'seed')
  const { recordBytes, mediaBytes, space } = network.storage
  const isDrilling = network.drill !== undefined
  const isAlone = seeds.length === 0
  const hasRoom = space === undefined || space.state === 'plenty'
  return (
    <div className={styles.content}>
      <NetworkHero network={network} />
      {isDrilling && <DrillSection />}
      <CatchUpSection network={network} />
      <ImportSection view={network.import} />
      {network.clock.warning && <ClockSection network={network} />}
      <SeedTable seeds={seeds} ownRecords={network.storage.ownRecords} />
      {isAlone && <Connecting isOpen />}
      <PeerList peers={peers} isLocal={network.network === 'local'} />
      {network.reach !== undefined && <ReachSection reach={network.reach} />}
      <EvidenceSections />
      {!isDrilling && <DrillSection />}
      <AddressSharing role={network.role} />
      {!isAlone && <Connecting />}
      {network.unreachable.length > 0 && (
        <Fold
          key={`unreachable ${isAlone}`}
          title={<FormattedMessage id="network.unreachable" />}
          note={intl.formatNumber(network.unreachable.length)}
          open={isAlone}
        >
          <UnreachableList items={network.unreachable} />
        </Fold>
      )}
      <Fold title={<FormattedMessage id="network.reach" />}>
        <AddressList network={network} />
        {!network.clock.warning && <ClockSection network={network} />}
      </Fold>
      <Fold
        key={`data ${hasRoom} ${network.saving === 'cap'}`}
        title={<FormattedMessage id="network.storage" />}
        note={formatBytes(intl, recordBytes + mediaBytes)}
        open={!hasRoom || network.saving === 'cap'}
      >
        <DataSection saving={network.saving} />
      </Fold>
      <div className={styles.narrowOnly}>
        <Ledger network={network} />
      </div>
    </div>
  )
}

/** Whoever has no seed needs it first. */
function Connecting({ isOpen = false }: { isOpen?: boolean }) {
  return (
    <Fold title={<FormattedMessage id="network.connect" />} open={isOpen}>
      <ConnectForm />
    </Fold>
  )
}

/** Figures: what came and went, and what lies on this disk. */
function Ledger({ network }: { network: NetworkStatus }) {
  const intl = useIntl()
  const { data, storage } = network
  const count = (value: number) => intl.formatNumber(value)
  return (
    <>
      <ContextSection title={<FormattedMessage id="network.data" />}>
        <Figures
          rows={[
            ['network.received', formatBytes(intl, data.receivedBytes)],
            ['network.sent', formatBytes(intl, data.sentBytes)],
          ]}
        />
      </ContextSection>
      <ContextSection title={<FormattedMessage id="network.disk" />}>
        <Figures
          rows={[
            ['network.posts', count(storage.posts)],
            ['network.authors', count(storage.authors)],
            ['network.records', count(storage.records)],
            ['network.recordBytes', formatBytes(intl, storage.recordBytes)],
            ['network.mediaBytes', formatBytes(intl, storage.mediaBytes)],
          ]}
        />
      </ContextSection>
      <p className={styles.note}>
        <FormattedMessage id="network.privacy" />
      </p>
    </>
  )
}

function Figures({ rows }: { rows: readonly (readonly [id: string, value: string])[] }) {
  return (
    <dl className={styles.figures}>
      {rows.map(([id, value]) => (
        <div key={id}>
          <dt>
            <FormattedMessage id={id} />
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

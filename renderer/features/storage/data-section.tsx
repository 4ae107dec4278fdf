import { useQuery } from '@tanstack/react-query'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Storage } from '../../../core/contract/storage.ts'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { formatBytes } from '../network/format-bytes.ts'
import network from '../network/network.module.css'
import { PersonLink } from '../people/person-link.tsx'
import { BudgetForm } from './budget-form.tsx'
import { SavingSection } from './saving-section.tsx'
import styles from './storage.module.css'
import { TrafficTable } from './traffic-table.tsx'

/** What lies on this disk, whose it is and how much may; and what came and went, day by day. */
export function DataSection({ saving }: { saving: NetworkStatus['saving'] }) {
  const { orpc } = useRpc()
  const { data: storage } = useQuery(orpc.storage.get.queryOptions({ refetchInterval: 60_000 }))
  const { data: ledger } = useQuery(orpc.network.ledger.queryOptions({ input: { days: 14 }, refetchInterval: 60_000 }))
  if (storage === undefined) return null
  return (
    <>
      <section className={network.section} aria-labelledby="network-storage">
        <h2 id="network-storage" className={network.sectionTitle}>
          <FormattedMessage id="storage.title" />
        </h2>
        <p className={network.none}>
          <FormattedMessage id="storage.about" />
        </p>
        <Use storage={storage} />
        <BudgetForm key={`${storage.budgets.recordBytes} ${storage.budgets.mediaBytes}`} storage={storage} />
        <Largest largest={storage.largest} />
      </section>
      <SavingSection saving={saving} />
      {ledger !== undefined && ledger.days.length > 0 && (
        <section className={network.section} aria-labelledby="network-ledger">
          <h2 id="network-ledger" className={network.sectionTitle}>
            <FormattedMessage id="storage.traffic" />
          </h2>
          <TrafficTable days={ledger.days} />
        </section>
      )}
    </>
  )
}

function Use({ storage }: { storage: Storage }) {
  const { budgets, mediaBytes, recordBytes, strangerBytes } = storage
  return (
    <dl className={styles.uses}>
      <Bar
        id="storage.records"
        budget={budgets.recordBytes}
        parts={[
          ['storage.kept', recordBytes - strangerBytes],
          ['storage.strangers', strangerBytes],
        ]}
      />
      <Bar id="storage.pictures" budget={budgets.mediaBytes} parts={[['storage.all', mediaBytes]]} />
    </dl>
  )
}

type Part = readonly [id: string, bytes: number]

function Bar({ id, budget, parts }: { id: string; budget: number; parts: readonly Part[] }) {
  const intl = useIntl()
  const size = (bytes: number) => formatBytes(intl, bytes)
  const used = parts.reduce((sum, [, bytes]) => sum + bytes, 0)
  return (
    <div>
      <dt>
        <FormattedMessage id={id} />
      </dt>
      <dd>
        <span className={styles.amount}>
          <FormattedMessage id="storage.of" values={{ used: size(used), budget: size(budget) }} />
        </span>
        <span className={styles.bar} aria-hidden>
          {parts.map(([part, bytes]) => (
            <span key={part} style={{ inlineSize: `${(100 * bytes) / Math.max(budget, used)}%` }} />
          ))}
        </span>
        {parts.length > 1 && (
          <ul className={styles.legend}>
            {parts.map(([part, bytes]) => (
              <li key={part}>
                <FormattedMessage id={part} values={{ size: size(bytes) }} />
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  )
}

function Largest({ largest }: { largest: Storage['largest'] }) {
  const intl = useIntl()
  if (largest.length === 0) return null
  return (
    <table className={network.table}>
      <thead>
        <tr>
          <th scope="col">
            <FormattedMessage id="storage.largest" />
          </th>
          <th scope="col" className={styles.figure}>
            <FormattedMessage id="storage.records" />
          </th>
          <th scope="col" className={styles.figure}>
            <FormattedMessage id="storage.pictures" />
          </th>
        </tr>
      </thead>
      <tbody>
        {largest.slice(0, 8).map(({ profile, name, recordBytes, mediaBytes }) => (
          <tr key={profile}>
            <th scope="row" className={styles.person}>
              <PersonLink profile={profile} name={name} quiet />
            </th>
            <td className={styles.figure}>{formatBytes(intl, recordBytes)}</td>
            <td className={styles.figure}>{formatBytes(intl, mediaBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

import { useQuery } from '@tanstack/react-query'
import { List } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { listPath } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { ListForm } from './list-form.tsx'
import styles from './lists.module.css'
import { useListAct } from './use-lists.ts'

const MAX_NAME = 64

/** Own lists, and a way to make one. */
export function ListsPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data, error, refetch } = useQuery(orpc.lists.list.queryOptions({ input: {} }))
  const { act, isBusy, failure } = useListAct()
  return (
    <Page title={intl.formatMessage({ id: 'lists.title' })}>
      <p className={styles.note}>
        <FormattedMessage id="lists.public" />
      </p>
      <ListForm
        label={intl.formatMessage({ id: 'lists.name' })}
        action={intl.formatMessage({ id: 'lists.create' })}
        max={MAX_NAME}
        isBusy={isBusy}
        failure={failure}
        onSend={(name) => act((lists) => lists.create({ name }))}
      />
      {data === undefined && error !== null && (
        <FailedPanel title={<FormattedMessage id="lists.failedTitle" />} error={error} onRetry={() => void refetch()} />
      )}
      {data?.items.length === 0 && (
        <StatePanel
          icon={<List size={44} strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="lists.emptyTitle" />}
          line={<FormattedMessage id="lists.emptyLine" />}
        />
      )}
      <ul>
        {data?.items.map((list) => (
          <li key={list.id}>
            <Link href={listPath(list.id)} className={styles.row}>
              <bdi className={styles.name}>{list.name}</bdi>
              <span className={styles.count}>
                <FormattedMessage id="lists.members" values={{ n: list.members }} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}

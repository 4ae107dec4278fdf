import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { FollowButton } from '../people/follow-button.tsx'
import { FollowDialog } from '../people/follow-dialog.tsx'
import { PersonRow } from '../people/person-row.tsx'
import styles from './profile.module.css'

/** Whom I follow, and who is still being looked for. */
export function FollowingList() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const [isOpen, setOpen] = useState(false)
  const query = useQuery(orpc.follows.list.queryOptions())
  const items = query.data?.items
  const follow = (
    <Button icon={<UserPlus size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setOpen(true)}>
      <FormattedMessage id="profile.followSomebody" />
    </Button>
  )
  return (
    <>
      {query.isError && !items && (
        <FailedPanel
          title={<FormattedMessage id="profile.failedTitle" />}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      {items?.length === 0 && (
        <StatePanel
          rings={0}
          title={<FormattedMessage id="profile.nobodyTitle" />}
          line={<FormattedMessage id="profile.nobodyLine" />}
          action={follow}
        />
      )}
      {items && items.length > 0 && (
        <>
          <ul className={styles.people}>
            {items.map((person) => (
              <li key={person.profile}>
                <PersonRow
                  person={person}
                  note={
                    <FormattedMessage
                      id="profile.since"
                      values={{ date: intl.formatDate(person.since, { dateStyle: 'medium' }) }}
                    />
                  }
                  action={
                    <FollowButton profile={person.profile} name={person.name} follow={person.state} size="small" />
                  }
                />
              </li>
            ))}
          </ul>
          <p className={styles.end}>{follow}</p>
        </>
      )}
      <FollowDialog open={isOpen} onClose={() => setOpen(false)} />
    </>
  )
}

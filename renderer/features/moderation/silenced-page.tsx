import { useQuery } from '@tanstack/react-query'
import { Users } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { SilencedPeople } from '../../../core/contract/moderation.ts'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { PersonRow } from '../people/person-row.tsx'
import { Section, SettingsContents } from '../settings/parts.tsx'
import settings from '../settings/settings.module.css'
import { BlockForm } from './block-form.tsx'
import styles from './moderation.module.css'
import { useSilencing } from './use-silencing.ts'

type SilencedPerson = SilencedPeople['muted'][number] & { isWaiting?: boolean | undefined }

/** Whom one doesn't see, and a way to take that back. */
export function SilencedPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data, error, refetch } = useQuery(orpc.moderation.list.queryOptions())
  return (
    <Page title={intl.formatMessage({ id: 'moderation.title' })} hasBack context={<SettingsContents />}>
      {data === undefined && error !== null && (
        <FailedPanel
          title={<FormattedMessage id="moderation.failedTitle" />}
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data !== undefined && data.muted.length + data.blocked.length === 0 && (
        <StatePanel
          icon={<Users size={44} strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="moderation.emptyTitle" />}
          line={<FormattedMessage id="moderation.emptyLine" />}
        />
      )}
      {data !== undefined && (
        <div className={settings.page}>
          <People kind="muted" people={data.muted} />
          <People kind="blocked" people={data.blocked} />
          <BlockForm />
        </div>
      )}
    </Page>
  )
}

function People({ kind, people }: { kind: 'muted' | 'blocked'; people: readonly SilencedPerson[] }) {
  if (people.length === 0) return null
  return (
    <Section id={`moderation-${kind}`} title={<FormattedMessage id={`moderation.${kind}`} />}>
      <p className={styles.note}>
        <FormattedMessage id={`moderation.${kind}.line`} />
      </p>
      <ul className={styles.list}>
        {people.map((person) => (
          <li key={person.profile}>
            <SilencedRow kind={kind} person={person} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function SilencedRow({ kind, person }: { kind: 'muted' | 'blocked'; person: SilencedPerson }) {
  const intl = useIntl()
  const { act, isBusy, failure } = useSilencing(person)
  const date = intl.formatDate(person.since, { dateStyle: 'medium' })
  return (
    <>
      <PersonRow
        person={person}
        note={
          <>
            <FormattedMessage id="moderation.since" values={{ date }} />
            {person.isWaiting === true && (
              <>
                {' · '}
                <FormattedMessage id="moderation.waiting" />
              </>
            )}
          </>
        }
        action={
          <Button size="small" disabled={isBusy} onClick={() => void act(kind === 'muted' ? 'unmute' : 'unblock')}>
            <FormattedMessage id={kind === 'muted' ? 'moderation.showAgain' : 'moderation.unblockShort'} />
          </Button>
        }
      />
      {failure !== undefined && (
        <p className={styles.failed} role="alert">
          {failure}
        </p>
      )}
    </>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { UserRound } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Guardians } from '../../../core/contract/accounts.ts'
import { Page } from '../../app/layout.tsx'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../account/notes.tsx'
import { Points } from '../account/points.tsx'
import { useTask } from '../account/use-task.ts'
import { FailedPanel } from '../people/failed-panel.tsx'
import { usePetnames } from '../people/use-called.ts'
import { ROW_ICON, Row, Section, SettingsContents } from '../settings/parts.tsx'
import settings from '../settings/settings.module.css'
import { ChooseGuardians } from './choose-guardians.tsx'
import { GuardianLine, guardianStateOf } from './guardian-line.tsx'
import styles from './guardians.module.css'

/** Who can sign a new computer in together, whether they are still there, and how to choose others. */
export function GuardiansPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data, error, refetch } = useQuery(orpc.guardians.list.queryOptions())
  return (
    <Page title={intl.formatMessage({ id: 'guardians.title' })} hasBack context={<SettingsContents />}>
      <div className={settings.page}>
        {data === undefined && error !== null && (
          <FailedPanel
            title={<FormattedMessage id="guardians.failed" />}
            error={error}
            line={<FormattedMessage id="recovery.failed.line" values={{ code: errorCodeOf(error) }} />}
            onRetry={() => void refetch()}
          />
        )}
        {data !== undefined && (
          <>
            <div className={styles.intro}>
              <p className={styles.text}>
                <FormattedMessage id="guardians.line" />
              </p>
              <Points
                items={[
                  { key: 'secret', tone: 'good', text: <FormattedMessage id="guardians.secret" /> },
                  { key: 'delay', tone: 'good', text: <FormattedMessage id="guardians.delay" /> },
                  { key: 'private', tone: 'warn', text: <FormattedMessage id="guardians.private" /> },
                ]}
              />
            </div>
            {data.items.length > 0 && <PresentGuardians guardians={data} />}
            <ChooseGuardians hasSome={data.items.length > 0} />
          </>
        )}
      </div>
    </Page>
  )
}

function PresentGuardians({ guardians }: { guardians: Guardians }) {
  const intl = useIntl()
  const petnames = usePetnames()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const now = Date.now()
  const check = async () => {
    const next = await task.run(() => client.guardians.check())
    if (next === undefined) return
    queryClient.setQueryData(orpc.guardians.list.queryKey(), next)
    void queryClient.invalidateQueries({ queryKey: orpc.recovery.means.key() })
  }
  return (
    <Section
      id="guardians-present"
      title={
        <FormattedMessage
          id="guardians.present"
          values={{ threshold: guardians.threshold ?? 0, count: guardians.items.length }}
        />
      }
      action={
        <Button
          size="small"
          busy={task.isBusy ? intl.formatMessage({ id: 'guardians.checking' }) : undefined}
          onClick={() => void check()}
        >
          <FormattedMessage id="guardians.check" />
        </Button>
      }
    >
      <Failure text={task.failure} />
      {guardians.items.map((guardian) => {
        const state = guardianStateOf(guardian, now)
        return (
          <Row
            key={guardian.key}
            icon={<UserRound {...ROW_ICON} />}
            tone={state === 'alive' ? 'good' : 'warn'}
            title={
              <bdi>
                {petnames.get(guardian.profile ?? '') ||
                  guardian.name ||
                  intl.formatMessage({ id: 'guardians.unnamed' })}
              </bdi>
            }
            line={<GuardianLine guardian={guardian} now={now} />}
            badge={<FormattedMessage id={`guardians.badge.${state}`} />}
          />
        )
      })}
      <p className={settings.note}>
        <FormattedMessage id="guardians.check.line" />
      </p>
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { ShieldQuestionMark, UserRoundCheck } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Points } from '../account/points.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { ROW_ICON, Row, Section, SettingsContents } from '../settings/parts.tsx'
import settings from '../settings/settings.module.css'
import { Go, MeansList } from './means-list.tsx'
import styles from './recovery.module.css'
import { RecoveryHero } from './recovery-hero.tsx'
import { RestoreChecklist } from './restore-checklist.tsx'
import { useRecovery } from './use-recovery.ts'

/** Whether one could come back, by what, and what no means brings back. */
export function RecoveryPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data: means, error, refetch } = useQuery(orpc.recovery.means.queryOptions())
  const { data: guardians } = useQuery(orpc.guardians.list.queryOptions())
  const status = useRecovery()
  const isComing = status?.step === 'restoring' || status?.step === 'done'
  return (
    <Page title={intl.formatMessage({ id: 'recovery.title' })} hasBack context={<SettingsContents />}>
      <div className={settings.page}>
        {isComing && (
          <section className={styles.coming} aria-labelledby="recovery-coming">
            <h2 className={styles.comingTitle} id="recovery-coming">
              <FormattedMessage id={`restore.title.${status.step}`} />
            </h2>
            <RestoreChecklist status={status} />
          </section>
        )}
        {means !== undefined && (
          <>
            {!isComing && <RecoveryHero means={means} />}
            <MeansList means={means} guardians={guardians?.items ?? []} />
          </>
        )}
        {means === undefined && error !== null && (
          <FailedPanel
            title={<FormattedMessage id="recovery.failed" />}
            error={error}
            line={<FormattedMessage id="recovery.failed.line" values={{ code: errorCodeOf(error) }} />}
            onRetry={() => void refetch()}
          />
        )}
        <Section id="recovery-more" title={<FormattedMessage id="recovery.more" />}>
          <Row
            icon={<ShieldQuestionMark {...ROW_ICON} />}
            title={<FormattedMessage id="recovery.newWords" />}
            line={<FormattedMessage id="recovery.newWords.line" />}
            action={
              <Go to={routes.newWords}>
                <FormattedMessage id="recovery.newWords.action" />
              </Go>
            }
          />
          <Row
            icon={<UserRoundCheck {...ROW_ICON} />}
            title={<FormattedMessage id="recovery.guarding" />}
            line={<FormattedMessage id="recovery.guarding.line" values={{ n: guardians?.wards.length ?? 0 }} />}
            action={
              <Go to={routes.guarding}>
                <FormattedMessage id="recovery.guarding.action" />
              </Go>
            }
          />
        </Section>
        <Section id="recovery-honest" title={<FormattedMessage id="recovery.honest" />}>
          <div className={styles.honest}>
            <Points
              items={(['nobody', 'private', 'words', 'deleted', 'none'] as const).map((key) => ({
                key,
                tone: 'warn',
                text: <FormattedMessage id={`recovery.honest.${key}`} />,
              }))}
            />
          </div>
        </Section>
      </div>
    </Page>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Hourglass, UserRound } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { GuardianRequest } from '../../../core/contract/accounts.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { Page } from '../../app/layout.tsx'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { formatDay } from '../../ui/format-day.ts'
import { formatDue } from '../../ui/format-moment.ts'
import { FailedPanel } from '../people/failed-panel.tsx'
import { ShortId } from '../people/short-id.tsx'
import { usePetnames } from '../people/use-called.ts'
import { ROW_ICON, Row, Section, SettingsContents } from '../settings/parts.tsx'
import settings from '../settings/settings.module.css'
import { AcceptForm } from './accept-form.tsx'
import { RequestForm } from './request-form.tsx'

/** What this account does as a guardian of others. */
export function GuardingPage() {
  const intl = useIntl()
  const petnames = usePetnames()
  const { orpc } = useRpc()
  const { data, error, refetch } = useQuery(orpc.guardians.list.queryOptions())
  return (
    <Page title={intl.formatMessage({ id: 'guarding.title' })} hasBack context={<SettingsContents />}>
      <div className={settings.page}>
        {data === undefined && error !== null && (
          <FailedPanel
            title={<FormattedMessage id="guardians.failed" />}
            error={error}
            line={<FormattedMessage id="recovery.failed.line" values={{ code: errorCodeOf(error) }} />}
            onRetry={() => void refetch()}
          />
        )}
        {data !== undefined && data.requests.length > 0 && <Requests requests={data.requests} />}
        <Section id="guarding-request" title={<FormattedMessage id="guarding.request" />}>
          <RequestForm />
        </Section>
        {data !== undefined && (
          <Section id="guarding-wards" title={<FormattedMessage id="guarding.wards" />}>
            {data.wards.length === 0 && (
              <p className={settings.note}>
                <FormattedMessage id="guarding.wards.none" />
              </p>
            )}
            {data.wards.map((ward) => (
              <Row
                key={ward.profile}
                icon={<UserRound {...ROW_ICON} />}
                title={
                  <bdi>
                    {petnames.get(ward.profile) || ward.name || intl.formatMessage({ id: 'guardians.unnamed' })}
                  </bdi>
                }
                line={
                  <>
                    <FormattedMessage
                      id="guarding.since"
                      values={{ day: formatDay(intl, ward.since, { month: 'long', year: true }) }}
                    />
                    {' · '}
                    <ShortId profile={ward.profile} />
                    {' · '}
                    <FormattedMessage
                      id="guarding.key"
                      values={{ id: <span dir="ltr">{shortPeerId(ward.key)}</span> }}
                    />
                  </>
                }
              />
            ))}
          </Section>
        )}
        <Section id="guarding-accept" title={<FormattedMessage id="guarding.accept" />}>
          <AcceptForm />
        </Section>
      </div>
    </Page>
  )
}

function Requests({ requests }: { requests: readonly GuardianRequest[] }) {
  const intl = useIntl()
  return (
    <Section id="guarding-requests" title={<FormattedMessage id="guarding.requests" />}>
      {requests.map((request) => (
        <Row
          key={request.id}
          icon={<Hourglass {...ROW_ICON} />}
          tone={request.state === 'vetoed' ? 'warn' : request.state === 'waiting' ? 'idle' : 'good'}
          title={
            <FormattedMessage
              id="guarding.request.of"
              values={{ name: <bdi>{request.name}</bdi>, device: <bdi>{request.device}</bdi> }}
            />
          }
          line={
            <FormattedMessage
              id={`guarding.state.${request.state}`}
              values={{ when: formatDue(intl, request.dueAt) }}
            />
          }
          badge={<FormattedMessage id={`guarding.badge.${request.state}`} />}
        />
      ))}
    </Section>
  )
}

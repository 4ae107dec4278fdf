import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, MonitorSmartphone } from 'lucide-react'
import { useEffect } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { LinkStatus } from '../../../core/contract/accounts.ts'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { formatClock } from '../../ui/format-moment.ts'
import account from '../account/account.module.css'
import { CodeCompare } from '../account/code-compare.tsx'
import { LinkBox } from '../account/link-box.tsx'
import { Failure } from '../account/notes.tsx'
import { Points } from '../account/points.tsx'
import { Stage } from '../account/stage.tsx'
import { SettingsContents } from '../settings/parts.tsx'
import { type Linking, linkFailureId, useLinking } from './use-link.ts'

/** On a device of the account: shows the link for a new one, compares the code, and says when it is in. */
export function LinkPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const linking = useLinking()
  const isDone = linking.status?.side === 'offer' && linking.status.step === 'done'
  useEffect(() => {
    if (isDone) void queryClient.invalidateQueries({ queryKey: orpc.devices.key() })
  }, [isDone, queryClient, orpc])
  return (
    <Page title={intl.formatMessage({ id: 'linking.title' })} hasBack context={<SettingsContents />}>
      <OfferStage linking={linking} />
    </Page>
  )
}

function OfferStage({ linking }: { linking: Linking }) {
  const { status, task } = linking
  if (linking.isPending) return null
  if (status?.side !== 'offer' || status.step === 'idle') return <AskStage linking={linking} />
  switch (status.step) {
    case 'waiting':
      return <ShowStage linking={linking} status={status} />
    case 'compare':
      return (
        <div className={account.stage}>
          <CodeCompare
            code={status.code ?? ''}
            other={status.other ?? ''}
            isBusy={task.isBusy}
            failure={task.failure}
            onAnswer={(matches) => void linking.confirm(matches)}
          />
        </div>
      )
    case 'done':
      return <DoneStage linking={linking} status={status} />
    case 'failed':
      return <FailedStage linking={linking} status={status} />
    default:
      return <WorkStage linking={linking} status={status} />
  }
}

function AskStage({ linking }: { linking: Linking }) {
  const intl = useIntl()
  return (
    <Stage
      icon={<MonitorSmartphone strokeWidth={1.5} aria-hidden />}
      title={<FormattedMessage id="linking.ask" />}
      lead={<FormattedMessage id="linking.line" />}
      actions={
        <Button
          kind="primary"
          size="main"
          busy={linking.task.isBusy ? intl.formatMessage({ id: 'linking.making' }) : undefined}
          onClick={() => void linking.offer()}
        >
          <FormattedMessage id="linking.show" />
        </Button>
      }
    >
      <Points
        items={[
          { key: 'both', tone: 'plain', text: <FormattedMessage id="linking.both" /> },
          { key: 'comes', tone: 'good', text: <FormattedMessage id="linking.comes" /> },
          { key: 'own', tone: 'warn', text: <FormattedMessage id="linking.own" /> },
        ]}
      />
      <Failure text={linking.task.failure} />
    </Stage>
  )
}

function ShowStage({ linking, status }: { linking: Linking; status: LinkStatus }) {
  const intl = useIntl()
  return (
    <Stage
      hasFocus
      title={<FormattedMessage id="linking.waiting" />}
      lead={<FormattedMessage id="linking.waiting.line" />}
      actions={
        <Button size="main" disabled={linking.task.isBusy} onClick={() => void linking.cancel()}>
          <FormattedMessage id="linking.stop" />
        </Button>
      }
    >
      <LinkBox hasCode isMain label={intl.formatMessage({ id: 'linking.label' })} link={status.link ?? ''} />
      {status.expiresAt !== null && (
        <p className={account.text}>
          <FormattedMessage id="linking.until" values={{ time: <b>{formatClock(intl, status.expiresAt)}</b> }} />
        </p>
      )}
      <Failure text={linking.task.failure} />
    </Stage>
  )
}

function WorkStage({ linking, status }: { linking: Linking; status: LinkStatus }) {
  const other = <bdi className={account.strong}>{status.other ?? ''}</bdi>
  return (
    <Stage
      hasFocus
      title={<FormattedMessage id={`linking.${status.step}`} values={{ other }} />}
      lead={<FormattedMessage id={`linking.${status.step}.line`} values={{ other }} />}
      actions={
        status.step === 'confirming' && (
          <Button size="main" disabled={linking.task.isBusy} onClick={() => void linking.cancel()}>
            <FormattedMessage id="ui.cancel" />
          </Button>
        )
      }
    >
      <Failure text={linking.task.failure} />
    </Stage>
  )
}

function DoneStage({ linking, status }: { linking: Linking; status: LinkStatus }) {
  const [, navigate] = useLocation()
  const leave = (to: string) => {
    void linking.cancel()
    navigate(to)
  }
  return (
    <Stage
      hasFocus
      icon={<CircleCheck strokeWidth={1.5} aria-hidden />}
      title={<FormattedMessage id="linking.done" values={{ other: <bdi>{status.other ?? ''}</bdi> }} />}
      lead={<FormattedMessage id="linking.done.line" />}
      actions={
        <>
          <Button size="main" onClick={() => void linking.offer()}>
            <FormattedMessage id="linking.another" />
          </Button>
          <Button kind="primary" size="main" onClick={() => leave(routes.devices)}>
            <FormattedMessage id="linking.toDevices" />
          </Button>
        </>
      }
    />
  )
}

function FailedStage({ linking, status }: { linking: Linking; status: LinkStatus }) {
  return (
    <Stage
      hasFocus
      tone="warn"
      icon={<CircleAlert strokeWidth={1.5} aria-hidden />}
      title={<FormattedMessage id="linking.failed" />}
      lead={<FormattedMessage id={linkFailureId(status.failure)} />}
      actions={
        <Button kind="primary" size="main" disabled={linking.task.isBusy} onClick={() => void linking.offer()}>
          <FormattedMessage id="linking.newLink" />
        </Button>
      }
    >
      <Failure text={linking.task.failure} />
    </Stage>
  )
}

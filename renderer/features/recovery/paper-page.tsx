import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, FileKey, Printer } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure, Note } from '../account/notes.tsx'
import { Points } from '../account/points.tsx'
import { SecretField, useSecret } from '../account/secret-field.tsx'
import { Stage } from '../account/stage.tsx'
import { useTask } from '../account/use-task.ts'
import { SettingsContents } from '../settings/parts.tsx'
import { PaperSheet } from './paper-sheet.tsx'

type Step = { name: 'ask' } | { name: 'sheet'; paper: string } | { name: 'done' }

/** Makes the paper key, shows it once, prints it. It stands in this component's state only, until the page is left. */
export function PaperPage() {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [, navigate] = useLocation()
  const { data: account } = useQuery(orpc.account.get.queryOptions())
  const { data: means } = useQuery(orpc.recovery.means.queryOptions())
  const secret = useSecret()
  const task = useTask()
  const [step, setStep] = useState<Step>({ name: 'ask' })
  const isMade = means?.paper.made === true

  const make = async () => {
    const given = secret.read()
    if (given === undefined) return
    const made = await task.run(() => client.recovery.makePaper({ secret: given }))
    if (made === undefined) return
    secret.clear()
    setStep({ name: 'sheet', paper: made.paper })
    void queryClient.invalidateQueries({ queryKey: orpc.recovery.key() })
  }

  return (
    <Page title={intl.formatMessage({ id: 'paper.title' })} hasBack context={<SettingsContents />}>
      {step.name === 'ask' && (
        <Stage
          icon={<FileKey strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="paper.ask" />}
          lead={<FormattedMessage id="paper.line" />}
          onSubmit={() => void make()}
          actions={
            <Button
              kind="primary"
              size="main"
              type="submit"
              busy={task.isBusy ? intl.formatMessage({ id: 'paper.busy' }) : undefined}
            >
              <FormattedMessage id={isMade ? 'recovery.paper.action.again' : 'paper.action'} />
            </Button>
          }
        >
          <Points
            items={[
              { key: 'above', tone: 'good', text: <FormattedMessage id="paper.above" /> },
              { key: 'used', tone: 'warn', text: <FormattedMessage id="paper.used" /> },
              { key: 'thief', tone: 'warn', text: <FormattedMessage id="paper.thief" /> },
            ]}
          />
          {isMade && (
            <Note tone="warn">
              <p>
                <FormattedMessage id="paper.replaces" />
              </p>
            </Note>
          )}
          <SecretField secret={secret} />
          <Failure text={task.failure} />
        </Stage>
      )}
      {step.name === 'sheet' && (
        <Stage
          hasFocus
          title={<FormattedMessage id="paper.sheet" />}
          lead={<FormattedMessage id="paper.sheet.line" />}
          actions={
            <>
              <Button
                size="main"
                icon={<Printer size={17} strokeWidth={1.75} aria-hidden />}
                onClick={() => window.print()}
              >
                <FormattedMessage id="paper.print" />
              </Button>
              <Button kind="primary" size="main" onClick={() => setStep({ name: 'done' })}>
                <FormattedMessage id="paper.kept" />
              </Button>
            </>
          }
        >
          <PaperSheet paper={step.paper} account={account} />
        </Stage>
      )}
      {step.name === 'done' && (
        <Stage
          hasFocus
          icon={<CircleCheck strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="paper.done" />}
          lead={<FormattedMessage id="paper.done.line" />}
          actions={
            <Button kind="primary" size="main" onClick={() => navigate(routes.recovery)}>
              <FormattedMessage id="rehearse.done" />
            </Button>
          }
        />
      )}
    </Page>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { CircleCheck, NotebookPen } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDay } from '../../ui/format-day.ts'
import { Failure } from '../account/notes.tsx'
import { SecretField, useSecret } from '../account/secret-field.tsx'
import { Stage } from '../account/stage.tsx'
import { useTask } from '../account/use-task.ts'
import { SettingsContents } from '../settings/parts.tsx'

/** All 24 words from the paper, compared by the node. Nothing of it is kept but the day. */
export function RehearsePage() {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [, navigate] = useLocation()
  const secret = useSecret()
  const task = useTask()
  const [wrong, setWrong] = useState<string>()
  const [rehearsedAt, setRehearsedAt] = useState<number>()

  const submit = async () => {
    setWrong(undefined)
    const words = secret.read()
    if (words === undefined) return
    const answer = await task.run(() => client.recovery.rehearse({ words }))
    if (answer === undefined) return
    if (answer.result !== 'right') return setWrong(intl.formatMessage({ id: `rehearse.${answer.result}` }))
    secret.clear()
    setRehearsedAt(answer.at)
    void queryClient.invalidateQueries({ queryKey: orpc.recovery.means.key() })
  }

  return (
    <Page title={intl.formatMessage({ id: 'rehearse.title' })} hasBack context={<SettingsContents />}>
      {rehearsedAt !== undefined ? (
        <Stage
          hasFocus
          icon={<CircleCheck strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="rehearse.right" />}
          lead={
            <FormattedMessage
              id="rehearse.right.line"
              values={{ day: formatDay(intl, rehearsedAt, { month: 'long', year: true }) }}
            />
          }
          actions={
            <Button kind="primary" size="main" onClick={() => navigate(routes.recovery)}>
              <FormattedMessage id="rehearse.done" />
            </Button>
          }
        />
      ) : (
        <Stage
          icon={<NotebookPen strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="rehearse.ask" />}
          lead={<FormattedMessage id="rehearse.line" />}
          onSubmit={() => void submit()}
          actions={
            <Button
              kind="primary"
              size="main"
              type="submit"
              busy={task.isBusy ? intl.formatMessage({ id: 'rehearse.busy' }) : undefined}
            >
              <FormattedMessage id="rehearse.action" />
            </Button>
          }
        >
          <SecretField secret={secret} only="words" failure={wrong} />
          <Failure text={task.failure} />
        </Stage>
      )}
    </Page>
  )
}

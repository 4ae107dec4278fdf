import { useQueryClient } from '@tanstack/react-query'
import { CircleCheck, NotebookPen } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../account/notes.tsx'
import { Points } from '../account/points.tsx'
import { SecretField, useSecret } from '../account/secret-field.tsx'
import { Stage } from '../account/stage.tsx'
import { useTask } from '../account/use-task.ts'
import { SettingsContents } from '../settings/parts.tsx'
import { WordList } from './word-list.tsx'
import { WordsCheck } from './words-check.tsx'

type Step = { name: 'ask' } | { name: 'list' | 'check'; words: readonly string[] } | { name: 'done' }

/** Other words in place of those before: shown once here, and confirmed as at the start. */
export function NewWordsPage() {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [, navigate] = useLocation()
  const secret = useSecret()
  const task = useTask()
  const [step, setStep] = useState<Step>({ name: 'ask' })

  const refresh = () => {
    for (const queryKey of [orpc.account.key(), orpc.recovery.key()]) void queryClient.invalidateQueries({ queryKey })
  }
  const replace = async () => {
    const given = secret.read()
    if (given === undefined) return
    const made = await task.run(() => client.recovery.newWords({ secret: given }))
    if (made === undefined) return
    secret.clear()
    setStep({ name: 'list', words: made.words })
    refresh()
  }

  return (
    <Page title={intl.formatMessage({ id: 'newWords.title' })} hasBack context={<SettingsContents />}>
      {step.name === 'ask' && (
        <Stage
          icon={<NotebookPen strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="newWords.ask" />}
          onSubmit={() => void replace()}
          actions={
            <Button
              kind="primary"
              size="main"
              type="submit"
              busy={task.isBusy ? intl.formatMessage({ id: 'newWords.busy' }) : undefined}
            >
              <FormattedMessage id="newWords.action" />
            </Button>
          }
        >
          <Points
            items={[
              { key: 'ends', tone: 'danger', text: <FormattedMessage id="newWords.ends" /> },
              { key: 'stays', tone: 'good', text: <FormattedMessage id="newWords.stays" /> },
              { key: 'said', tone: 'warn', text: <FormattedMessage id="newWords.said" /> },
            ]}
          />
          <SecretField secret={secret} />
          <Failure text={task.failure} />
        </Stage>
      )}
      {step.name === 'list' && (
        <WordList
          words={step.words}
          // They wait in the vault until they are confirmed.
          onHide={() => navigate(routes.words)}
          onWritten={() => setStep({ name: 'check', words: step.words })}
        />
      )}
      {step.name === 'check' && (
        <WordsCheck
          count={step.words.length}
          onBack={() => setStep({ name: 'list', words: step.words })}
          onConfirmed={() => {
            setStep({ name: 'done' })
            refresh()
          }}
        />
      )}
      {step.name === 'done' && (
        <Stage
          hasFocus
          icon={<CircleCheck strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="newWords.done" />}
          lead={<FormattedMessage id="newWords.done.line" />}
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

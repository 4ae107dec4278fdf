import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { LinkStatus } from '../../../core/contract/accounts.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { CodeCompare } from '../account/code-compare.tsx'
import { Failure } from '../account/notes.tsx'
import { linkFailureId, useLinking } from '../devices/use-link.ts'
import { DeviceNameField } from './device-name-field.tsx'
import styles from './onboarding.module.css'
import { BackButton, StepFrame } from './step-frame.tsx'

/** On the new computer: takes the link of a device, compares the code, and waits for the account. */
export function LinkStep({ onBack }: { onBack: () => void }) {
  const linking = useLinking()
  const { status, task } = linking
  if (linking.isPending) return null
  const step = status?.side === 'join' ? status.step : 'idle'
  if (step === 'compare' && status?.code != null) {
    return (
      <CodeCompare
        isAlone
        code={status.code}
        other={status.other ?? ''}
        isBusy={task.isBusy}
        failure={task.failure}
        onAnswer={(matches) => void linking.confirm(matches)}
      />
    )
  }
  if (step === 'idle' || step === 'failed') {
    return (
      <PasteForm
        failureId={failureIdOf(status)}
        failure={task.failure}
        isBusy={task.isBusy}
        onJoin={(link, name) => void linking.join(link, name)}
        onBack={onBack}
      />
    )
  }
  const other = <bdi>{status?.other ?? ''}</bdi>
  return (
    <StepFrame
      title={<FormattedMessage id={`onboarding.link.${step}`} />}
      lead={<FormattedMessage id={`onboarding.link.${step}.line`} values={{ other }} />}
      actions={
        (step === 'waiting' || step === 'confirming') && (
          <Button size="main" disabled={task.isBusy} onClick={() => void linking.cancel()}>
            <FormattedMessage id="ui.cancel" />
          </Button>
        )
      }
    >
      <p className={styles.note} role="status">
        <FormattedMessage id="onboarding.link.busy" />
      </p>
      <Failure text={task.failure} />
    </StepFrame>
  )
}

/** What was called off here needs no explanation. */
function failureIdOf(status: LinkStatus | undefined): string | undefined {
  if (status?.side !== 'join' || status.step !== 'failed' || status.failure === 'cancelled') return undefined
  return linkFailureId(status.failure)
}

interface PasteFormProps {
  /** Id of the sentence that says why the last try ended. */
  failureId: string | undefined
  failure: string | undefined
  isBusy: boolean
  onJoin: (link: string, name: string) => void
  onBack: () => void
}

function PasteForm({ failureId, failure, isBusy, onJoin, onBack }: PasteFormProps) {
  const intl = useIntl()
  const [link, setLink] = useState('')
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = () => {
    const trimmed = link.trim().replace(/^[<«"'“]+|[>»"'”]+$/gu, '')
    if (trimmed === '') return setProblem('onboarding.link.empty')
    if (!/^palabre:link\?/iu.test(trimmed)) return setProblem('linking.failed.bad-link')
    setProblem(undefined)
    onJoin(trimmed, name.trim())
  }
  return (
    <StepFrame
      title={<FormattedMessage id="onboarding.link.title" />}
      lead={<FormattedMessage id="onboarding.link.lead" />}
      onSubmit={submit}
      actions={
        <>
          <BackButton onClick={onBack} />
          <Button
            kind="primary"
            size="main"
            type="submit"
            busy={isBusy ? intl.formatMessage({ id: 'onboarding.link.joining' }) : undefined}
          >
            <FormattedMessage id="onboarding.link.join" />
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <TextField
          label={intl.formatMessage({ id: 'onboarding.link.label' })}
          error={problem === undefined ? undefined : intl.formatMessage({ id: problem })}
          placeholder="palabre:link?…"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
        />
        <DeviceNameField value={name} onChange={setName} />
        <Failure
          text={problem === undefined ? (failure ?? (failureId && intl.formatMessage({ id: failureId }))) : undefined}
        />
      </div>
    </StepFrame>
  )
}

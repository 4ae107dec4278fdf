import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { InvitationForm, type ReadInvitation } from '../invite/invitation-form.tsx'
import { InvitationPreview } from '../invite/invitation-preview.tsx'
import { calledName } from '../people/called-name.ts'
import styles from './onboarding.module.css'
import { BackButton, StepFrame } from './step-frame.tsx'

export interface InvitationDraft {
  /** What was pasted so far. */
  text: string
  onTextChange: (text: string) => void
  read: ReadInvitation | undefined
  onRead: (read: ReadInvitation | undefined) => void
}

/** Kept by whoever shows the step now and then: going back and forth loses nothing. */
export function useInvitationDraft(text = ''): InvitationDraft {
  const [draft, onTextChange] = useState(text)
  const [read, onRead] = useState<ReadInvitation>()
  return { text: draft, onTextChange, read, onRead }
}

export interface InvitedStepProps extends InvitationDraft {
  /** Pasted elsewhere already: looked at at once. */
  isReadAtOnce?: boolean
  onBack: () => void
  onJoined: () => void
}

/** An invitation in the first run: taken, looked at, chosen from. */
export function InvitedStep(props: InvitedStepProps) {
  const { text, onTextChange, read, onRead, isReadAtOnce = false, onBack, onJoined } = props
  if (read === undefined) {
    return (
      <StepFrame
        key="field"
        title={<FormattedMessage id="onboarding.invited.title" />}
        lead={<FormattedMessage id="onboarding.invited.lead" />}
      >
        <div className={styles.field}>
          <InvitationForm
            text={text}
            onTextChange={onTextChange}
            isReadAtOnce={isReadAtOnce}
            onRead={onRead}
            back={<BackButton onClick={onBack} />}
            size="main"
          />
        </div>
      </StepFrame>
    )
  }
  const name = <bdi>{calledName(read.view.inviter)}</bdi>
  return (
    <StepFrame key="preview" title={<FormattedMessage id="invite.preview.title" values={{ name }} />}>
      <InvitationPreview
        read={read}
        onJoined={onJoined}
        back={<BackButton onClick={() => onRead(undefined)} />}
        size="main"
      />
    </StepFrame>
  )
}

import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { JoinView } from '../../../core/contract/invitations.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { calledName } from '../people/called-name.ts'
import { InvitationForm, type ReadInvitation } from './invitation-form.tsx'
import { InvitationPreview } from './invitation-preview.tsx'
import styles from './invite.module.css'
import { JoinProgress, useJoin } from './join-progress.tsx'

export interface JoinDialogProps {
  open: boolean
  onClose: () => void
}

/** Joining by an invitation: taken as a link or a file, looked at, chosen from, then followed on its way. */
export function JoinDialog({ open, onClose }: JoinDialogProps) {
  const intl = useIntl()
  const [read, setRead] = useState<ReadInvitation>()
  const close = () => {
    setRead(undefined)
    onClose()
  }
  const title =
    read === undefined
      ? intl.formatMessage({ id: 'invite.join.title' })
      : intl.formatMessage({ id: 'invite.preview.title' }, { name: calledName(read.view.inviter) })
  return (
    <Dialog open={open} onClose={close} size="small" title={title}>
      <JoinSteps text="" read={read} onRead={setRead} onClose={close} />
    </Dialog>
  )
}

export interface JoinStepsProps {
  /** Pasted elsewhere already: looked at at once. '' for nothing. */
  text: string
  read: ReadInvitation | undefined
  onRead: (read: ReadInvitation | undefined) => void
  onClose: () => void
}

/** What stands in a dialog, for those that have a title of their own. */
export function JoinSteps({ text: given, read, onRead, onClose }: JoinStepsProps) {
  const [text, setText] = useState(given)
  const [isFirst, setFirst] = useState(given !== '')
  const [joined, setJoined] = useState<JoinView>()
  const status = useJoin()
  if (joined !== undefined) {
    return (
      <div className={styles.form}>
        <JoinProgress join={status?.acceptedAt === joined.acceptedAt ? status : joined} />
        <div className={styles.actions}>
          <Button kind="primary" onClick={onClose}>
            <FormattedMessage id="people.done" />
          </Button>
        </div>
      </div>
    )
  }
  if (read !== undefined) {
    return (
      <InvitationPreview
        read={read}
        onJoined={setJoined}
        back={
          <Button kind="quiet" onClick={() => onRead(undefined)}>
            <FormattedMessage id="account.back" />
          </Button>
        }
      />
    )
  }
  return (
    <InvitationForm
      text={text}
      onTextChange={setText}
      isReadAtOnce={isFirst}
      onRead={(next) => {
        setFirst(false)
        onRead(next)
      }}
      back={
        <Button kind="quiet" onClick={onClose}>
          <FormattedMessage id="ui.cancel" />
        </Button>
      }
    />
  )
}

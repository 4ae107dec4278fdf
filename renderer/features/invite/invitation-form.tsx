import { FileUp } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { InvitationView } from '../../../core/contract/invitations.ts'
import { INVITATION_FILE_ENDING, MAX_INVITATION_FILE_BYTES } from '../../../core/record/invitation.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { useTask } from '../account/use-task.ts'
import styles from './invite.module.css'
import { readInvitationFile } from './read-file.ts'

export interface ReadInvitation {
  text: string
  view: NonNullable<InvitationView['invitation']>
}

export interface InvitationFormProps {
  /** What stands in the field at first. */
  text: string
  onTextChange: (text: string) => void
  onRead: (read: ReadInvitation) => void
  /** What stands in the field is looked at without being asked to. */
  isReadAtOnce?: boolean
  /** Before the main action. */
  back: ReactNode
  size?: 'normal' | 'main'
}

/** Takes an invitation as a pasted link or as a file, and says what is wrong with one that can't be used. */
export function InvitationForm(props: InvitationFormProps) {
  const { text, onTextChange, onRead, isReadAtOnce = false, back, size = 'normal' } = props
  const intl = useIntl()
  const { client } = useRpc()
  const task = useTask()
  const file = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const say = (fault: string, network = '') =>
    setProblem(intl.formatMessage({ id: `invite.fault.${fault}` }, { network }))

  const read = async (given: string) => {
    setProblem(undefined)
    const trimmed = given.trim().replace(/^[<«"'“]+|[>»"'”]+$/gu, '')
    if (trimmed === '') return say('empty')
    // The API takes no text that is much longer.
    if (trimmed.length > 2 * MAX_INVITATION_FILE_BYTES) return say('too-large')
    const view = await task.run(() => client.invitations.read({ text: trimmed }))
    if (view === undefined) return
    if (view.invitation === null) return say(view.fault ?? 'malformed', view.network ?? '')
    onRead({ text: trimmed, view: view.invitation })
  }
  const hasBegun = useRef(false)
  useEffect(() => {
    if (!isReadAtOnce || hasBegun.current) return
    hasBegun.current = true
    void read(text)
  })
  const open = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    const content = await readInvitationFile(chosen).catch(() => undefined)
    if (content === undefined) return say('unreadable')
    if (content === null) return say('too-large')
    onTextChange(content.trim())
    await read(content)
  }

  return (
    <form
      className={styles.form}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        void read(text)
      }}
    >
      <TextArea
        label={intl.formatMessage({ id: 'invite.field' })}
        help={<FormattedMessage id="invite.field.help" />}
        error={problem ?? task.failure}
        placeholder="palabre:join?…"
        className={styles.field}
        rows={3}
        dir="ltr"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setProblem(undefined)
          task.clear()
          onTextChange(event.currentTarget.value)
        }}
      />
      <input
        ref={file}
        type="file"
        accept={`${INVITATION_FILE_ENDING},text/plain`}
        hidden
        aria-hidden
        data-testid="invitation-file"
        onChange={(event) => {
          void open(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      <div className={styles.actions} data-size={size}>
        {back}
        <Button
          size={size}
          icon={<FileUp size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => file.current?.click()}
        >
          <FormattedMessage id="invite.file" />
        </Button>
        <Button
          kind="primary"
          size={size}
          type="submit"
          busy={task.isBusy ? intl.formatMessage({ id: 'invite.reading' }) : undefined}
        >
          <FormattedMessage id="invite.look" />
        </Button>
      </div>
    </form>
  )
}

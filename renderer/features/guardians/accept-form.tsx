import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { LinkBox } from '../account/link-box.tsx'
import { Failure } from '../account/notes.tsx'
import { useTask } from '../account/use-task.ts'
import styles from './guardians.module.css'
import { readGuardLink } from './read-link.ts'

/** An invitation to guard somebody: makes a key for that person, and an answer to send back. */
export function AcceptForm() {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [accepted, setAccepted] = useState<{ name: string; reply: string }>()
  const found = readGuardLink(text)

  const accept = async () => {
    if (found?.kind !== 'guard') {
      const id = found === undefined ? 'guarding.accept.bad' : `guarding.accept.${found.kind}`
      return setProblem(intl.formatMessage({ id }))
    }
    setProblem(undefined)
    const answer = await task.run(() => client.guardians.accept({ link: found.text }))
    if (answer === undefined) return
    setText('')
    setAccepted(answer)
    void queryClient.invalidateQueries({ queryKey: orpc.guardians.key() })
  }

  return (
    <div className={styles.request}>
      <p className={styles.text}>
        <FormattedMessage id="guarding.accept.line" />
      </p>
      <form
        className={styles.add}
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void accept()
        }}
      >
        <TextField
          label={intl.formatMessage({ id: 'guarding.accept.label' })}
          help={
            found?.kind === 'guard' ? (
              <FormattedMessage id="guarding.accept.from" values={{ name: <bdi>{found.name}</bdi> }} />
            ) : undefined
          }
          error={problem}
          placeholder="palabre:guard?…"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" busy={task.isBusy ? intl.formatMessage({ id: 'guarding.accepting' }) : undefined}>
          <FormattedMessage id="guarding.accept.action" />
        </Button>
      </form>
      <Failure text={task.failure} />
      {accepted !== undefined && (
        <div role="status" className={styles.form}>
          <p className={styles.text}>
            <FormattedMessage id="guarding.accepted" values={{ name: <bdi>{accepted.name}</bdi> }} />
          </p>
          <LinkBox label={intl.formatMessage({ id: 'guarding.reply' })} link={accepted.reply} />
        </div>
      )}
    </div>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { GuardianRequest } from '../../../core/contract/accounts.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { formatDue } from '../../ui/format-moment.ts'
import { Digits } from '../account/code-compare.tsx'
import { Failure, Note } from '../account/notes.tsx'
import { useTask } from '../account/use-task.ts'
import { useCalled } from '../people/use-called.ts'
import styles from './guardians.module.css'
import { readGuardLink } from './read-link.ts'

/** A request of somebody who is guarded: shown with its code first, approved only after a call. */
export function RequestForm() {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [opened, setOpened] = useState<{ link: string; request: GuardianRequest; isApproved: boolean }>()

  const open = async () => {
    const found = readGuardLink(text)
    if (found?.kind !== 'recover') {
      const id = found === undefined ? 'guarding.open.bad' : `guarding.open.${found.kind}`
      return setProblem(intl.formatMessage({ id }))
    }
    setProblem(undefined)
    const request = await task.run(() => client.guardians.open({ link: found.text }))
    if (request !== undefined) setOpened({ link: found.text, request, isApproved: false })
  }
  const approve = async () => {
    if (opened === undefined) return
    const request = await task.run(() => client.guardians.approve({ link: opened.link }))
    if (request === undefined) return
    setText('')
    setOpened({ ...opened, request, isApproved: true })
    void queryClient.invalidateQueries({ queryKey: orpc.guardians.key() })
  }

  if (opened !== undefined) {
    return (
      <OpenRequest
        request={opened.request}
        isApproved={opened.isApproved}
        isBusy={task.isBusy}
        failure={task.failure}
        onApprove={() => void approve()}
        onClose={() => {
          task.clear()
          setOpened(undefined)
        }}
      />
    )
  }
  return (
    <div className={styles.request}>
      <p className={styles.text}>
        <FormattedMessage id="guarding.open.line" />
      </p>
      <form
        className={styles.add}
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        <TextField
          label={intl.formatMessage({ id: 'guarding.open.label' })}
          error={problem}
          placeholder="palabre:recover?…"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" busy={task.isBusy ? intl.formatMessage({ id: 'guarding.opening' }) : undefined}>
          <FormattedMessage id="guarding.open.action" />
        </Button>
      </form>
      <Failure text={task.failure} />
    </div>
  )
}

interface OpenRequestProps {
  request: GuardianRequest
  isApproved: boolean
  isBusy: boolean
  failure: string | undefined
  onApprove: () => void
  onClose: () => void
}

function OpenRequest({ request, isApproved, isBusy, failure, onApprove, onClose }: OpenRequestProps) {
  const intl = useIntl()
  const title = useRef<HTMLHeadingElement>(null)
  const called = useCalled()
  const name = <bdi>{called(request)}</bdi>
  const when = formatDue(intl, request.dueAt)
  useEffect(() => {
    void isApproved
    title.current?.focus()
  }, [isApproved])
  return (
    <div className={styles.request}>
      <h3 className={styles.requestTitle} ref={title} tabIndex={-1}>
        <FormattedMessage id={isApproved ? 'guarding.approved' : 'guarding.call'} values={{ name, when }} />
      </h3>
      {isApproved ? (
        <p className={styles.text}>
          <FormattedMessage id="guarding.approved.line" values={{ name }} />
        </p>
      ) : (
        <>
          <dl className={styles.facts}>
            <dt>
              <FormattedMessage id="guarding.fact.account" />
            </dt>
            <dd>
              {name} <span dir="ltr">{shortPeerId(request.profile)}</span>
            </dd>
            <dt>
              <FormattedMessage id="guarding.fact.device" />
            </dt>
            <dd>
              <bdi>{request.device}</bdi>
            </dd>
          </dl>
          <Digits code={request.code} />
          <Note tone="warn">
            <p>
              <FormattedMessage id="guarding.call.line" />
            </p>
          </Note>
          <p className={styles.text}>
            <FormattedMessage id="guarding.call.then" values={{ when: <b>{when}</b> }} />
          </p>
        </>
      )}
      <Failure text={failure} />
      <div className={styles.actions}>
        {isApproved ? (
          <Button onClick={onClose}>
            <FormattedMessage id="guarding.close" />
          </Button>
        ) : (
          <>
            <Button disabled={isBusy} onClick={onClose}>
              <FormattedMessage id="guarding.no" />
            </Button>
            <Button
              kind="primary"
              busy={isBusy ? intl.formatMessage({ id: 'devices.signing' }) : undefined}
              onClick={onApprove}
            >
              <FormattedMessage id="guarding.yes" />
            </Button>
          </>
        )}
      </div>
    </div>
  )
}

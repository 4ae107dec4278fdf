import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Follow } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { mediaUrl } from '../media/media-url.ts'
import { parsePerson } from '../people/parse-person.ts'
import styles from './onboarding.module.css'

interface MeetStepProps {
  ownProfile: string
  follows: readonly Follow[]
  onDone: () => void
}

export function MeetStep({ ownProfile, follows, onDone }: MeetStepProps) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const title = useRef<HTMLHeadingElement>(null)
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  useEffect(() => title.current?.focus(), [])
  const follow = useMutation(
    orpc.follows.add.mutationOptions({
      onSuccess: () => {
        setText('')
        void queryClient.invalidateQueries({ queryKey: orpc.follows.key() })
      },
      onError: (error) => {
        const code = errorCodeOf(error)
        const id = code === 'bad-request' ? 'onboarding.meet.bad' : 'onboarding.meet.failed'
        setProblem(intl.formatMessage({ id }, { code }))
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = parsePerson(text)
    if (found === undefined) return setProblem(intl.formatMessage({ id: 'onboarding.meet.bad' }))
    if (found.profile === ownProfile) return setProblem(intl.formatMessage({ id: 'onboarding.meet.own' }))
    setProblem(undefined)
    follow.mutate({ profile: found.profile, addresses: found.addresses })
  }
  return (
    <div className={styles.form}>
      <h1 className={styles.title} ref={title} tabIndex={-1}>
        <FormattedMessage id="onboarding.meet.title" />
      </h1>
      <p className={styles.lead}>
        <FormattedMessage id="onboarding.meet.lead" />
      </p>
      <form onSubmit={submit} className={styles.follow} noValidate>
        <TextField
          label={intl.formatMessage({ id: 'onboarding.meet.label' })}
          error={problem}
          placeholder={intl.formatMessage({ id: 'onboarding.meet.example' })}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          busy={follow.isPending ? intl.formatMessage({ id: 'onboarding.meet.following' }) : undefined}
        >
          <FormattedMessage id="onboarding.meet.follow" />
        </Button>
      </form>
      <div aria-live="polite">{follows.length > 0 && <Heard follows={follows} />}</div>
      <div className={styles.actions}>
        {follows.length === 0 && (
          <span className={styles.note}>
            <FormattedMessage id="onboarding.meet.skip" />
          </span>
        )}
        <Button kind="primary" size="main" onClick={onDone}>
          <FormattedMessage id="onboarding.enter" />
        </Button>
      </div>
    </div>
  )
}

function Heard({ follows }: { follows: readonly Follow[] }) {
  return (
    <section>
      <h2 className={styles.listTitle}>
        <FormattedMessage id="onboarding.meet.list" />
      </h2>
      <ul>
        {follows.map((person) => (
          <li key={person.profile} className={styles.person}>
            <Avatar
              profile={person.profile}
              name={person.name}
              size={32}
              src={person.avatar?.state === 'here' ? mediaUrl(person.avatar.cid) : undefined}
            />
            <span className={styles.who}>
              <bdi className={styles.name}>{person.name || shortPeerId(person.profile)}</bdi>
              <span className={styles.note}>
                {person.state === 'pending' ? (
                  <FormattedMessage id="onboarding.meet.pending" />
                ) : (
                  <span dir="ltr">{shortPeerId(person.profile)}</span>
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

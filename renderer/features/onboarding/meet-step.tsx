import { useMutation, useQueryClient } from '@tanstack/react-query'
import { MailOpen } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Follow } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { isInvitation } from '../../../core/record/invitation.ts'
import { useNetwork } from '../../app/use-network.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { JoinProgress, useJoin } from '../invite/join-progress.tsx'
import { NoSeeds } from '../invite/no-seeds.tsx'
import { mediaUrl } from '../media/media-url.ts'
import { parsePerson } from '../people/parse-person.ts'
import { InvitedStep, useInvitationDraft } from './invited-step.tsx'
import styles from './onboarding.module.css'

interface MeetStepProps {
  ownProfile: string
  follows: readonly Follow[]
  onDone: () => void
}

/** Whom to hear: by an invitation, by links, or nobody yet. */
export function MeetStep(props: MeetStepProps) {
  const invitation = useInvitationDraft()
  const [isInvited, setInvited] = useState(false)
  /** Pasted among the links: looked at without being asked to, but once. The way back leads to the field. */
  const [isGiven, setGiven] = useState(false)
  if (!isInvited) {
    const open = (text: string) => {
      invitation.onTextChange(text)
      invitation.onRead(undefined)
      setGiven(text !== '')
      setInvited(true)
    }
    return <MeetForm {...props} onInvitation={open} />
  }
  return (
    <InvitedStep
      {...invitation}
      onRead={(read) => {
        setGiven(false)
        invitation.onRead(read)
      }}
      isReadAtOnce={isGiven}
      onBack={() => setInvited(false)}
      onJoined={() => setInvited(false)}
    />
  )
}

interface MeetFormProps extends MeetStepProps {
  /** An invitation was pasted, or is to be opened: then ''. */
  onInvitation: (text: string) => void
}

function MeetForm({ ownProfile, follows, onDone, onInvitation }: MeetFormProps) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const title = useRef<HTMLHeadingElement>(null)
  const network = useNetwork()
  const join = useJoin()
  const others = follows.filter(({ profile }) => !join?.people.some((person) => person.profile === profile))
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
    if (isInvitation(text)) return onInvitation(text)
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
      {join && <JoinProgress join={join} />}
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
      <div>
        <Button
          kind="quiet"
          icon={<MailOpen size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => onInvitation('')}
        >
          <FormattedMessage id="onboarding.meet.invitation" />
        </Button>
      </div>
      <div aria-live="polite">{others.length > 0 && <Heard follows={others} />}</div>
      {join === null && network?.peers.length === 0 && <NoSeeds hasJoin={false} />}
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

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { LinkStatus, RecoveryStatus } from '../../../core/contract/accounts.ts'
import type { Account } from '../../../core/contract/views.ts'
import { summarizeNetwork } from '../../app/network-state.ts'
import { useNetwork } from '../../app/use-network.ts'
import { useSettings } from '../../app/use-settings.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Logo } from '../../ui/logo.tsx'
import { Rings } from '../../ui/rings.tsx'
import { Segment } from '../../ui/segment.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { ChooseStep, HaveStep, type Place } from './choose-step.tsx'
import { GuardiansStep } from './guardians-step.tsx'
import { InvitedStep, useInvitationDraft } from './invited-step.tsx'
import { LinkStep } from './link-step.tsx'
import { MeetStep } from './meet-step.tsx'
import { NameStep } from './name-step.tsx'
import styles from './onboarding.module.css'
import { ReturnStep } from './return-step.tsx'
import { Tree } from './tree.tsx'
import { WordsStep } from './words-step.tsx'

/**
 * First run. New here: a name, then somebody to hear if one likes, then in. With an account: three ways to bring it
 * here, then what comes back, then in. What is under way in the node decides where a window that was closed goes on.
 */
export function Onboarding({ account, onDone }: { account: Account | undefined; onDone: () => void }) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState<Place>('choose')
  const [hasMoved, setMoved] = useState(false)
  const invitation = useInvitationDraft()
  const follows = useQuery({ ...orpc.follows.list.queryOptions(), enabled: account !== undefined }).data?.items ?? []
  const link = useQuery(orpc.link.status.queryOptions()).data
  const recovery = useQuery(orpc.recovery.status.queryOptions()).data
  const place = (account === undefined ? placeUnderWay(link, recovery) : undefined) ?? chosen
  const isReturning = account === undefined ? isReturn(place) : hasCome(link, recovery)
  useEffect(() => {
    document.title = `${intl.formatMessage({ id: 'onboarding.arrive.title' })} · Palabre`
  }, [intl])

  const go = (next: Place) => {
    setMoved(true)
    setChosen(next)
  }
  /** What failed or was begun on this way is over with it. */
  const leave = () => {
    go('have')
    const work = [client.link.cancel(), client.recovery.cancel()]
    void Promise.allSettled(work).then(() => {
      for (const queryKey of [orpc.link.key(), orpc.recovery.key()]) void queryClient.invalidateQueries({ queryKey })
    })
  }

  return (
    <div className={styles.screen}>
      <div className={styles.picture}>
        <Tree seated={account === undefined ? 1 : 1 + follows.length} />
      </div>
      <main className={styles.side}>
        <header className={styles.head}>
          <Logo />
          <LanguageChoice />
        </header>
        <div className={styles.content}>
          <Steps names={isReturning ? RETURN_STEPS : NEW_STEPS} current={account === undefined ? 0 : 1} />
          {account !== undefined ? (
            isReturning ? (
              <ReturnStep account={account} onDone={onDone} />
            ) : (
              <MeetStep ownProfile={account.profile} follows={follows} onDone={onDone} />
            )
          ) : place === 'choose' ? (
            <ChooseStep onGo={go} hasFocus={hasMoved} />
          ) : place === 'invited' ? (
            <InvitedStep {...invitation} onBack={() => go('choose')} onJoined={() => go('new')} />
          ) : place === 'new' ? (
            <NameStep onBack={() => go('choose')} />
          ) : place === 'have' ? (
            <HaveStep onGo={go} />
          ) : place === 'link' ? (
            <LinkStep onBack={leave} />
          ) : place === 'words' ? (
            <WordsStep onBack={leave} />
          ) : (
            <GuardiansStep onBack={leave} />
          )}
          <FootLine />
        </div>
      </main>
    </div>
  )
}

const NEW_STEPS = ['arrive', 'meet'] as const
const RETURN_STEPS = ['arrive', 'return'] as const

function isReturn(place: Place): boolean {
  return place !== 'choose' && place !== 'invited' && place !== 'new'
}

/** Where something goes on that was begun before this window was opened, or in another one. */
function placeUnderWay(link: LinkStatus | undefined, recovery: RecoveryStatus | undefined): Place | undefined {
  if (link?.side === 'join' && !['idle', 'done', 'failed'].includes(link.step)) return 'link'
  if (recovery?.step === 'looking') return 'words'
  const isAsked = recovery?.by === 'guardians' && recovery.failure !== 'cancelled'
  return isAsked && (recovery.step === 'waiting' || recovery.step === 'failed') ? 'guardians' : undefined
}

/** The account was not made here: it came from elsewhere. */
function hasCome(link: LinkStatus | undefined, recovery: RecoveryStatus | undefined): boolean {
  return link?.side === 'join' || (recovery !== undefined && recovery.step !== 'none')
}

type StepName = (typeof NEW_STEPS)[number] | (typeof RETURN_STEPS)[number]

function Steps({ names, current }: { names: readonly StepName[]; current: number }) {
  const intl = useIntl()
  return (
    <ol className={styles.steps} aria-label={intl.formatMessage({ id: 'onboarding.steps' })}>
      {names.map((name, index) => (
        <Step key={name} name={name} index={index} current={current} />
      ))}
    </ol>
  )
}

function Step({ name, index, current }: { name: StepName; index: number; current: number }) {
  const isDone = index < current
  const label = <FormattedMessage id={`onboarding.step.${name}`} />
  return (
    <li
      className={classNames(styles.step, index === current && styles.currentStep, isDone && styles.doneStep)}
      aria-current={index === current ? 'step' : undefined}
    >
      <span className={styles.number} aria-hidden="true">
        {isDone ? <Check size={13} strokeWidth={2.4} /> : index + 1}
      </span>
      {isDone ? (
        <>
          <span aria-hidden="true">{label}</span>
          <VisuallyHidden>
            <FormattedMessage id="onboarding.step.done" values={{ step: label }} />
          </VisuallyHidden>
        </>
      ) : (
        label
      )}
    </li>
  )
}

function LanguageChoice() {
  const intl = useIntl()
  const { update } = useSettings()
  return (
    <Segment
      label={intl.formatMessage({ id: 'onboarding.language' })}
      options={[
        { value: 'en', label: 'English', lang: 'en' },
        { value: 'fr', label: 'Français', lang: 'fr' },
      ]}
      value={intl.locale.startsWith('fr') ? 'fr' : 'en'}
      onChange={(language) => update({ language })}
    />
  )
}

function FootLine() {
  const { connection } = useRpc()
  const { seeds, peers } = summarizeNetwork(connection, useNetwork())
  return (
    <p className={styles.foot}>
      <Rings held={seeds} size={20} />
      {seeds + peers === 0 ? (
        <FormattedMessage id="onboarding.foot" />
      ) : (
        <FormattedMessage
          id="onboarding.foot.found"
          values={{ seeds, peers, both: seeds > 0 && peers > 0 ? 'yes' : 'no' }}
        />
      )}
    </p>
  )
}

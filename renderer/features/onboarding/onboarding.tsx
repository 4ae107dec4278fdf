import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useEffect } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
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
import { ArriveStep } from './arrive-step.tsx'
import { MeetStep } from './meet-step.tsx'
import styles from './onboarding.module.css'
import { Tree } from './tree.tsx'

const STEPS = ['arrive', 'meet'] as const

/** First run: a name, then somebody to hear if one likes, then in. Keys are made on the way. */
export function Onboarding({ account, onDone }: { account: Account | undefined; onDone: () => void }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const follows = useQuery({ ...orpc.follows.list.queryOptions(), enabled: account !== undefined }).data?.items ?? []
  const step = account === undefined ? 0 : 1
  useEffect(() => {
    document.title = `${intl.formatMessage({ id: 'onboarding.arrive.title' })} · Palabre`
  }, [intl])
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
          <ol className={styles.steps} aria-label={intl.formatMessage({ id: 'onboarding.steps' })}>
            {STEPS.map((name, index) => (
              <Step key={name} name={name} index={index} current={step} />
            ))}
          </ol>
          {account === undefined ? (
            <ArriveStep />
          ) : (
            <MeetStep ownProfile={account.profile} follows={follows} onDone={onDone} />
          )}
          <FootLine />
        </div>
      </main>
    </div>
  )
}

function Step({ name, index, current }: { name: (typeof STEPS)[number]; index: number; current: number }) {
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

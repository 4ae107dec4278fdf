import { useQueryClient } from '@tanstack/react-query'
import { Circle, CircleCheck, CircleX, Hourglass } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { RecoveryStatus } from '../../../core/contract/accounts.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useNetwork } from '../../app/use-network.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { formatAgo } from '../../ui/format-ago.ts'
import { formatDue } from '../../ui/format-moment.ts'
import { Digits } from '../account/code-compare.tsx'
import { LinkBox } from '../account/link-box.tsx'
import { Failure, Note } from '../account/notes.tsx'
import { useTask } from '../account/use-task.ts'
import { parsePerson } from '../people/parse-person.ts'
import { useRecovery } from '../recovery/use-recovery.ts'
import { DeviceNameField } from './device-name-field.tsx'
import styles from './onboarding.module.css'
import { BackButton, StepFrame } from './step-frame.tsx'
import { recoveryFailureId, SeedField } from './words-step.tsx'

/** By guardians: whose account it is, the link for them, and how far they are. */
export function GuardiansStep({ onBack }: { onBack: () => void }) {
  const status = useRecovery()
  if (status?.guardians && status.step === 'waiting') return <Waiting guardians={status.guardians} />
  return <AskForm status={status} onBack={onBack} />
}

function AskForm({ status, onBack }: { status: RecoveryStatus | undefined; onBack: () => void }) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const network = useNetwork()
  const task = useTask()
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<{ field: 'person' | 'seed'; id: string }>()
  const isAlone = network === undefined || network.peers.length === 0
  const failureId = status?.step === 'failed' ? recoveryFailureId(status.failure) : undefined
  const errorOf = (field: 'person' | 'seed') =>
    problem?.field === field ? intl.formatMessage({ id: problem.id }) : undefined

  const submit = async () => {
    const found = parsePerson(text)
    const typed = address.trim()
    if (found === undefined) return setProblem({ field: 'person', id: 'onboarding.meet.bad' })
    if (typed !== '' && !typed.startsWith('/')) return setProblem({ field: 'seed', id: 'network.connect.bad' })
    setProblem(undefined)
    const trimmed = name.trim()
    const next = await task.run(() =>
      client.recovery.askGuardians({
        profile: found.profile,
        addresses: typed === '' ? found.addresses : [...found.addresses, typed],
        ...(trimmed === '' ? {} : { name: trimmed }),
      }),
    )
    if (next !== undefined) queryClient.setQueryData(orpc.recovery.status.queryKey(), next)
  }

  return (
    <StepFrame
      title={<FormattedMessage id="onboarding.guardians.title" />}
      lead={<FormattedMessage id="onboarding.guardians.lead" />}
      onSubmit={() => void submit()}
      actions={
        <>
          <BackButton onClick={onBack} />
          <Button
            kind="primary"
            size="main"
            type="submit"
            busy={task.isBusy ? intl.formatMessage({ id: 'onboarding.guardians.asking' }) : undefined}
          >
            <FormattedMessage id="onboarding.guardians.ask" />
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <Failure text={failureId && intl.formatMessage({ id: failureId })} />
        <TextField
          label={intl.formatMessage({ id: 'onboarding.guardians.label' })}
          help={<FormattedMessage id="onboarding.guardians.help" />}
          error={errorOf('person')}
          placeholder="palabre:12D3Koo…"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <DeviceNameField value={name} onChange={setName} />
        {isAlone && <SeedField value={address} onChange={setAddress} problem={errorOf('seed')} />}
        <Note tone="warn">
          <p>
            <FormattedMessage id="onboarding.guardians.private" />
          </p>
        </Note>
        <Failure text={task.failure} />
      </div>
    </StepFrame>
  )
}

type Guardians = NonNullable<RecoveryStatus['guardians']>

function Waiting({ guardians }: { guardians: Guardians }) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const stop = async () => {
    const next = await task.run(() => client.recovery.cancel())
    if (next !== undefined) queryClient.setQueryData(orpc.recovery.status.queryKey(), next)
  }
  return (
    <StepFrame
      title={<FormattedMessage id="onboarding.asked.title" />}
      lead={<FormattedMessage id="onboarding.asked.lead" />}
      actions={
        <Button size="main" disabled={task.isBusy} onClick={() => void stop()}>
          <FormattedMessage id="onboarding.asked.stop" />
        </Button>
      }
    >
      <div className={styles.fields}>
        <LinkBox hasCode isMain label={intl.formatMessage({ id: 'onboarding.asked.link' })} link={guardians.link} />
        <div>
          <Digits code={guardians.code} />
          <p className={styles.under}>
            <FormattedMessage id="onboarding.asked.code" />
          </p>
        </div>
        <GuardianStates guardians={guardians} />
        <p className={styles.state} role="status">
          {guardians.dueAt !== null ? (
            <FormattedMessage id="onboarding.asked.due" values={{ when: <b>{formatDue(intl, guardians.dueAt)}</b> }} />
          ) : (
            <FormattedMessage
              id="onboarding.asked.none"
              values={{ n: guardians.noticed, threshold: guardians.threshold ?? 0 }}
            />
          )}
        </p>
        <Note>
          <p>
            <FormattedMessage id="onboarding.asked.veto" />
          </p>
        </Note>
        <Failure text={task.failure} />
      </div>
    </StepFrame>
  )
}

const STATE_ICONS = { signed: CircleCheck, waiting: Hourglass, silent: Circle, vetoed: CircleX } as const

/** A line for each guardian. The chain names keys, not people: which is whose stands on the guardians' own screens. */
function GuardianStates({ guardians: { people, vetoed } }: { guardians: Guardians }) {
  const intl = useIntl()
  if (people.length === 0) return null
  const now = Date.now()
  return (
    <div>
      <ul className={styles.guardians}>
        {people.map(({ key, state: done, dueAt, lastAliveAt }) => {
          const state = vetoed && done === 'waiting' ? 'vetoed' : done
          const Icon = STATE_ICONS[state]
          const id = (
            <b dir="ltr" className={styles.guardianKey}>
              {shortPeerId(key)}
            </b>
          )
          return (
            <li key={key} className={styles.guardian} data-state={state}>
              <Icon size={20} strokeWidth={1.75} aria-hidden />
              <div>
                <FormattedMessage
                  id={`onboarding.guardian.${state}`}
                  values={{ id, when: dueAt === null ? '' : formatDue(intl, dueAt) }}
                />
                {state === 'silent' && (
                  <p className={styles.guardianSeen}>
                    <FormattedMessage
                      id={lastAliveAt === null ? 'onboarding.guardian.unseen' : 'onboarding.guardian.seen'}
                      values={{ when: lastAliveAt === null ? '' : formatAgo(intl, lastAliveAt, now) }}
                    />
                  </p>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      <p className={styles.under}>
        <FormattedMessage id="onboarding.guardian.whose" />
      </p>
    </div>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { RecoveryStatus } from '../../../core/contract/accounts.ts'
import { useNetwork } from '../../app/use-network.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Failure } from '../account/notes.tsx'
import { SecretField, useSecret } from '../account/secret-field.tsx'
import { useTask } from '../account/use-task.ts'
import { useRecovery } from '../recovery/use-recovery.ts'
import { DeviceNameField } from './device-name-field.tsx'
import styles from './onboarding.module.css'
import { BackButton, StepFrame } from './step-frame.tsx'

const KNOWN_FAILURES = ['wrong-words', 'not-found', 'not-an-authority', 'contested', 'account-exists']

/** The 24 words or the paper key; then the search for the account, until somebody answers who holds it. */
export function WordsStep({ onBack }: { onBack: () => void }) {
  const status = useRecovery()
  if (status?.step === 'looking') return <Looking status={status} />
  return <SecretForm status={status} onBack={onBack} />
}

/** Id of the sentence that says why an account did not come back. */
export function recoveryFailureId(failure: string | null): string | undefined {
  if (failure === null || failure === 'cancelled') return undefined
  const known = KNOWN_FAILURES.includes(failure) || failure === 'vetoed'
  return `onboarding.failed.${known ? failure : 'other'}`
}

function SecretForm({ status, onBack }: { status: RecoveryStatus | undefined; onBack: () => void }) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const network = useNetwork()
  const secret = useSecret()
  const task = useTask()
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<string>()
  /** With somebody connected the account is found through them. */
  const isAlone = network === undefined || network.peers.length === 0
  const failureId = status?.step === 'failed' ? recoveryFailureId(status.failure) : undefined

  const submit = async () => {
    setProblem(undefined)
    const given = secret.read()
    if (given === undefined) return
    const typed = address.trim()
    if (typed !== '' && !typed.startsWith('/')) return setProblem(intl.formatMessage({ id: 'network.connect.bad' }))
    const trimmed = name.trim()
    const next = await task.run(() =>
      client.recovery.start({
        secret: given,
        addresses: typed === '' ? [] : [typed],
        ...(trimmed === '' ? {} : { name: trimmed }),
      }),
    )
    if (next === undefined) return
    if (next.step !== 'failed') secret.clear()
    queryClient.setQueryData(orpc.recovery.status.queryKey(), next)
  }

  return (
    <StepFrame
      title={<FormattedMessage id="onboarding.words.title" />}
      lead={<FormattedMessage id="onboarding.words.lead" />}
      onSubmit={() => void submit()}
      actions={
        <>
          <BackButton onClick={onBack} />
          <Button
            kind="primary"
            size="main"
            type="submit"
            busy={task.isBusy ? intl.formatMessage({ id: 'onboarding.words.starting' }) : undefined}
          >
            <FormattedMessage id="onboarding.words.start" />
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <SecretField secret={secret} />
        <DeviceNameField value={name} onChange={setName} />
        {isAlone && <SeedField value={address} onChange={setAddress} problem={problem} />}
        <Failure text={task.failure ?? (failureId && intl.formatMessage({ id: failureId }))} />
      </div>
    </StepFrame>
  )
}

interface SeedFieldProps {
  value: string
  onChange: (value: string) => void
  problem: string | undefined
  /** Others are connected, and don't hold it. */
  isFurther?: boolean
}

/** Where nobody is known yet: somebody who may hold the account. */
export function SeedField({ value, onChange, problem, isFurther = false }: SeedFieldProps) {
  const intl = useIntl()
  return (
    <TextField
      label={intl.formatMessage({ id: 'onboarding.seed' })}
      help={<FormattedMessage id={isFurther ? 'onboarding.seed.further' : 'onboarding.seed.help'} />}
      error={problem}
      placeholder="/ip4/192.0.2.7/tcp/4001"
      dir="ltr"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function Looking({ status }: { status: RecoveryStatus }) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const cancel = useTask()
  const connect = useTask()
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<string>()
  const stop = async () => {
    const next = await cancel.run(() => client.recovery.cancel())
    if (next !== undefined) queryClient.setQueryData(orpc.recovery.status.queryKey(), next)
  }
  const add = async () => {
    const typed = address.trim()
    if (!typed.startsWith('/')) return setProblem(intl.formatMessage({ id: 'network.connect.bad' }))
    setProblem(undefined)
    if (await connect.run(() => client.network.connect({ address: typed }))) setAddress('')
  }
  return (
    <StepFrame
      title={<FormattedMessage id="onboarding.looking.title" />}
      lead={<FormattedMessage id="onboarding.looking.lead" />}
      actions={
        <Button size="main" disabled={cancel.isBusy} onClick={() => void stop()}>
          <FormattedMessage id="ui.cancel" />
        </Button>
      }
    >
      <p className={styles.state} role="status">
        <FormattedMessage id="onboarding.looking.asked" values={{ n: status.asked }} />
      </p>
      <form
        className={styles.follow}
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <SeedField value={address} onChange={setAddress} problem={problem ?? connect.failure} isFurther />
        <Button type="submit" busy={connect.isBusy ? intl.formatMessage({ id: 'network.connect.busy' }) : undefined}>
          <FormattedMessage id="network.connect.action" />
        </Button>
      </form>
      <Failure text={cancel.failure} />
    </StepFrame>
  )
}

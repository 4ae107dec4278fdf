import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useJoin } from '../invite/join-progress.tsx'
import styles from './onboarding.module.css'
import { BackButton, StepFrame } from './step-frame.tsx'

const MAX_NAME_LENGTH = 128

export function NameStep({ onBack }: { onBack: () => void }) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const join = useJoin()
  const create = useMutation(
    orpc.account.create.mutationOptions({
      onSuccess: (account) => queryClient.setQueryData(orpc.account.get.queryKey(), account),
      onError: (error) => {
        const code = errorCodeOf(error)
        // Made in another window meanwhile.
        if (code === 'account-exists') void queryClient.invalidateQueries({ queryKey: orpc.account.key() })
        else setProblem(intl.formatMessage({ id: 'onboarding.failed' }, { code }))
      },
    }),
  )
  const submit = () => {
    const trimmed = name.trim()
    if (trimmed === '') return setProblem(intl.formatMessage({ id: 'onboarding.name.empty' }))
    if (trimmed.length > MAX_NAME_LENGTH) {
      return setProblem(intl.formatMessage({ id: 'onboarding.name.long' }, { length: trimmed.length }))
    }
    setProblem(undefined)
    create.mutate({ name: trimmed })
  }
  return (
    <StepFrame
      hasFocus={false}
      title={<FormattedMessage id="onboarding.new.title" />}
      lead={<FormattedMessage id="onboarding.new.lead" />}
      onSubmit={submit}
      actions={
        <>
          <BackButton onClick={onBack} />
          <Button
            kind="primary"
            size="main"
            type="submit"
            busy={create.isPending ? intl.formatMessage({ id: 'onboarding.creating' }) : undefined}
          >
            <FormattedMessage id="onboarding.create" />
          </Button>
        </>
      }
    >
      <div className={styles.field}>
        <TextField
          label={intl.formatMessage({ id: 'onboarding.name' })}
          help={<FormattedMessage id="onboarding.name.help" />}
          error={problem}
          placeholder={intl.formatMessage({ id: 'onboarding.name.example' })}
          autoComplete="nickname"
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      {join && (
        <p className={styles.under} role="status">
          <FormattedMessage
            id="invite.progress.account"
            values={{
              connected: join.seeds.filter(({ state }) => state === 'connected').length,
              seeds: join.seeds.length,
              people: join.people.length,
            }}
          />
        </p>
      )}
    </StepFrame>
  )
}

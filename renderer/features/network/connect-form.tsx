import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './network.module.css'

const MESSAGES: Readonly<Record<string, string>> = {
  unreachable: 'network.connect.unreachable',
  'bad-request': 'network.connect.bad',
}

export function ConnectForm() {
  const intl = useIntl()
  const toast = useToast()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<string>()
  const connect = useMutation(
    orpc.network.connect.mutationOptions({
      onSuccess: () => {
        setAddress('')
        toast({ text: intl.formatMessage({ id: 'network.connect.done' }) })
        void queryClient.invalidateQueries({ queryKey: orpc.network.key() })
      },
      onError: (error) => {
        const code = errorCodeOf(error)
        setProblem(intl.formatMessage({ id: MESSAGES[code] ?? 'network.connect.failed' }, { code }))
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = address.trim()
    if (trimmed === '') return setProblem(intl.formatMessage({ id: 'network.connect.empty' }))
    if (!trimmed.startsWith('/')) return setProblem(intl.formatMessage({ id: 'network.connect.bad' }))
    setProblem(undefined)
    connect.mutate({ address: trimmed })
  }
  return (
    <form onSubmit={submit} className={styles.connect} noValidate>
      <TextField
        label={intl.formatMessage({ id: 'network.connect.label' })}
        help={<FormattedMessage id="network.connect.help" />}
        error={problem}
        placeholder="/ip4/192.0.2.7/tcp/4001"
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <Button type="submit" busy={connect.isPending ? intl.formatMessage({ id: 'network.connect.busy' }) : undefined}>
        <FormattedMessage id="network.connect.action" />
      </Button>
    </form>
  )
}

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { MAX_BUDGET_BYTES, MIN_BUDGET_BYTES } from '../../../core/contract/figures.ts'
import type { Storage } from '../../../core/contract/storage.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './storage.module.css'

const GIGABYTE = 1_000_000_000
const NAMES = ['recordBytes', 'mediaBytes'] as const
type Name = (typeof NAMES)[number]

/** How much records and pictures may take, in gigabytes. What the start of the node has set can't be changed here. */
export function BudgetForm({ storage: { budgets, fixed } }: { storage: Storage }) {
  const intl = useIntl()
  const toast = useToast()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const text = (bytes: number) => intl.formatNumber(bytes / GIGABYTE, { maximumFractionDigits: 2, useGrouping: false })
  const before = { recordBytes: text(budgets.recordBytes), mediaBytes: text(budgets.mediaBytes) }
  const [texts, setTexts] = useState<Record<Name, string>>(before)
  const [problem, setProblem] = useState<{ name: Name; words: string }>()
  const change = useMutation(
    orpc.storage.setBudgets.mutationOptions({
      onSuccess: (storage) => {
        toast({ text: intl.formatMessage({ id: 'storage.done' }) })
        queryClient.setQueryData(orpc.storage.get.queryKey(), storage)
      },
      onError: (error) =>
        setProblem({
          name: 'mediaBytes',
          words: intl.formatMessage({ id: 'storage.failed' }, { code: errorCodeOf(error) }),
        }),
    }),
  )
  const open = NAMES.filter((name) => !fixed.includes(name))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setProblem(undefined)
    const given: { [N in Name]?: number } = {}
    for (const name of open) {
      if (texts[name] === before[name]) continue
      const bytes = readBytes(texts[name])
      if (bytes === undefined) return setProblem({ name, words: intl.formatMessage({ id: 'storage.bad' }) })
      given[name] = bytes
    }
    if (Object.keys(given).length > 0) change.mutate(given)
  }
  if (open.length === 0) {
    return (
      <p className={styles.fixed}>
        <FormattedMessage id="storage.fixed" />
      </p>
    )
  }
  return (
    <form onSubmit={submit} className={styles.budgets} noValidate>
      {open.map((name) => (
        <TextField
          key={name}
          label={intl.formatMessage({ id: `storage.budget.${name}` })}
          error={problem?.name === name ? problem.words : undefined}
          inputMode="decimal"
          autoComplete="off"
          value={texts[name]}
          onChange={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
        />
      ))}
      <Button type="submit" busy={change.isPending ? intl.formatMessage({ id: 'storage.busy' }) : undefined}>
        <FormattedMessage id="storage.change" />
      </Button>
    </form>
  )
}

/** Gigabytes with a point or a comma; undefined for what is none, too little or too much. */
export function readBytes(text: string): number | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (!/^\d{1,7}(\.\d{1,3})?$/u.test(trimmed)) return undefined
  const bytes = Math.round(Number(trimmed) * GIGABYTE)
  return bytes >= MIN_BUDGET_BYTES && bytes <= MAX_BUDGET_BYTES ? bytes : undefined
}

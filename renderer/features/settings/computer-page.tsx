import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Account } from '../../../core/contract/views.ts'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import account from '../account/account.module.css'
import { Failure } from '../account/notes.tsx'
import { Points } from '../account/points.tsx'
import { useTask } from '../account/use-task.ts'
import { Hero, Section, SettingsContents } from './parts.tsx'
import styles from './settings.module.css'

/** Shorter ones are warned of, and taken: it is their owner's disk. */
const SHORT_LENGTH = 12

/** How the keys lie on this disk, and the passphrase that seals them. */
export function ComputerPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.account.get.queryOptions())
  return (
    <Page title={intl.formatMessage({ id: 'computer.title' })} hasBack context={<SettingsContents />}>
      {data !== undefined && (
        <div className={styles.page}>
          <Hero
            held={data.protection === 'open' ? 0 : 1}
            title={<FormattedMessage id={`computer.hero.${data.protection}`} />}
            line={<FormattedMessage id={`computer.hero.${data.protection}.line`} />}
          />
          <SetForm key={data.protection} protection={data.protection} />
          {data.protection === 'passphrase' && <RemoveForm />}
          <Section id="computer-what" title={<FormattedMessage id="computer.what" />}>
            <div className={styles.points}>
              <Points
                items={(['disk', 'running', 'past', 'posts', 'lost'] as const).map((key) => ({
                  key,
                  tone: key === 'disk' ? 'good' : 'warn',
                  text: <FormattedMessage id={`computer.what.${key}`} />,
                }))}
              />
            </div>
          </Section>
        </div>
      )}
    </Page>
  )
}

/** Passphrases stand in this state only, and leave it when they were taken. */
function SetForm({ protection }: { protection: Account['protection'] }) {
  const intl = useIntl()
  const toast = useToast()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const isChange = protection === 'passphrase'
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [isShown, setShown] = useState(false)
  const [problem, setProblem] = useState<{ field: 'current' | 'next' | 'again'; id: string }>()
  const type = isShown ? 'text' : 'password'
  const errorOf = (field: 'current' | 'next' | 'again') =>
    problem?.field === field ? intl.formatMessage({ id: problem.id }) : undefined

  const save = async () => {
    if (isChange && current === '') return setProblem({ field: 'current', id: 'computer.currentEmpty' })
    if (next === '') return setProblem({ field: 'next', id: 'computer.empty' })
    if (next !== again) return setProblem({ field: 'again', id: 'computer.differ' })
    setProblem(undefined)
    const saved = await task.run(() => client.account.protect({ passphrase: next, ...(isChange ? { current } : {}) }))
    if (saved === undefined) return
    for (const clear of [setCurrent, setNext, setAgain]) clear('')
    queryClient.setQueryData(orpc.account.get.queryKey(), saved)
    toast({ text: intl.formatMessage({ id: 'computer.saved' }) })
  }

  return (
    <Section id="computer-set" title={<FormattedMessage id={isChange ? 'computer.change' : 'computer.set'} />}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {isChange && (
          <TextField
            label={intl.formatMessage({ id: 'computer.current' })}
            help={<FormattedMessage id="computer.current.help" />}
            error={errorOf('current')}
            type={type}
            autoComplete="off"
            spellCheck={false}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <TextField
          label={intl.formatMessage({ id: 'computer.new' })}
          help={
            next !== '' && next.length < SHORT_LENGTH ? (
              <span className={styles.short}>
                <CircleAlert size={15} strokeWidth={2} aria-hidden />
                <FormattedMessage id="computer.short" values={{ n: next.length }} />
              </span>
            ) : (
              <FormattedMessage id="computer.new.help" />
            )
          }
          error={errorOf('next')}
          type={type}
          autoComplete="off"
          spellCheck={false}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <TextField
          label={intl.formatMessage({ id: 'computer.again' })}
          error={errorOf('again')}
          type={type}
          autoComplete="off"
          spellCheck={false}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Failure text={task.failure} />
        <div className={styles.formEnd}>
          <Checkbox label={<FormattedMessage id="computer.show" />} checked={isShown} onChange={setShown} />
          <Button
            type="submit"
            kind="primary"
            busy={task.isBusy ? intl.formatMessage({ id: 'computer.saving' }) : undefined}
          >
            <FormattedMessage id={isChange ? 'computer.save.change' : 'computer.save'} />
          </Button>
        </div>
      </form>
    </Section>
  )
}

function RemoveForm() {
  const intl = useIntl()
  const toast = useToast()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const [current, setCurrent] = useState('')
  const [problem, setProblem] = useState<string>()

  const remove = async () => {
    if (current === '') return setProblem(intl.formatMessage({ id: 'computer.currentEmpty' }))
    setProblem(undefined)
    const saved = await task.run(() => client.account.protect({ passphrase: null, current }))
    if (saved === undefined) return
    setCurrent('')
    queryClient.setQueryData(orpc.account.get.queryKey(), saved)
    toast({ text: intl.formatMessage({ id: 'computer.removed' }) })
  }

  return (
    <Section id="computer-remove" title={<FormattedMessage id="computer.remove" />}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void remove()
        }}
      >
        <p className={account.text}>
          <FormattedMessage id="computer.remove.line" />
        </p>
        <TextField
          label={intl.formatMessage({ id: 'computer.current' })}
          help={<FormattedMessage id="computer.current.help" />}
          error={problem}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <Failure text={task.failure} />
        <div className={styles.formEnd}>
          <Button
            type="submit"
            kind="danger"
            busy={task.isBusy ? intl.formatMessage({ id: 'computer.removing' }) : undefined}
          >
            <FormattedMessage id="computer.remove.action" />
          </Button>
        </div>
      </form>
    </Section>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { UserRoundCheck, X } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { useToast } from '../../ui/toast.tsx'
import { LinkBox } from '../account/link-box.tsx'
import { Failure } from '../account/notes.tsx'
import { SecretField, useSecret } from '../account/secret-field.tsx'
import { useTask } from '../account/use-task.ts'
import { Section } from '../settings/parts.tsx'
import styles from './guardians.module.css'
import { readGuardLink } from './read-link.ts'

const MIN_GUARDIANS = 2
const MAX_GUARDIANS = 32

interface Answer {
  link: string
  name: string
}

/** In three steps: a link to send, the answers that come back, and the secret that makes them guardians. */
export function ChooseGuardians({ hasSome }: { hasSome: boolean }) {
  const intl = useIntl()
  const toast = useToast()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const invite = useTask()
  const set = useTask()
  const secret = useSecret()
  const [link, setLink] = useState<string>()
  const [answers, setAnswers] = useState<readonly Answer[]>([])
  const [threshold, setThreshold] = useState(MIN_GUARDIANS)
  const [problem, setProblem] = useState<string>()
  const [isClearing, setClearing] = useState(false)
  const needed = Math.min(threshold, Math.max(answers.length, MIN_GUARDIANS))

  const make = async () => {
    const made = await invite.run(() => client.guardians.invite())
    if (made !== undefined) setLink(made.link)
  }
  const save = async (replies: readonly string[]) => {
    setProblem(undefined)
    if (replies.length === 1) return setProblem(intl.formatMessage({ id: 'guardians.tooFew' }))
    const given = secret.read()
    if (given === undefined) return
    const next = await set.run(() =>
      client.guardians.set({ secret: given, replies: [...replies], threshold: replies.length === 0 ? 2 : needed }),
    )
    if (next === undefined) return
    secret.clear()
    setAnswers([])
    setLink(undefined)
    setClearing(false)
    queryClient.setQueryData(orpc.guardians.list.queryKey(), next)
    void queryClient.invalidateQueries({ queryKey: orpc.recovery.means.key() })
    toast({ text: intl.formatMessage({ id: replies.length === 0 ? 'guardians.cleared' : 'guardians.saved' }) })
  }

  return (
    <Section id="guardians-choose" title={<FormattedMessage id={hasSome ? 'guardians.change' : 'guardians.choose'} />}>
      <ol className={styles.steps}>
        <li className={styles.step}>
          <h3 className={styles.stepTitle}>
            <FormattedMessage id="guardians.step.invite" />
          </h3>
          <p className={styles.text}>
            <FormattedMessage id="guardians.step.invite.line" />
          </p>
          {link === undefined ? (
            <Button
              className={styles.start}
              busy={invite.isBusy ? intl.formatMessage({ id: 'guardians.inviting' }) : undefined}
              onClick={() => void make()}
            >
              <FormattedMessage id="guardians.invite" />
            </Button>
          ) : (
            <LinkBox label={intl.formatMessage({ id: 'guardians.invite.label' })} link={link} />
          )}
          <Failure text={invite.failure} />
        </li>
        <li className={styles.step}>
          <h3 className={styles.stepTitle}>
            <FormattedMessage id="guardians.step.answers" />
          </h3>
          <p className={styles.text}>
            <FormattedMessage id="guardians.step.answers.line" />
          </p>
          <Answers answers={answers} onChange={setAnswers} />
        </li>
        <li className={styles.step}>
          <h3 className={styles.stepTitle}>
            <FormattedMessage id="guardians.step.set" />
          </h3>
          <p className={styles.text}>
            <FormattedMessage id={hasSome ? 'guardians.step.set.replaces' : 'guardians.step.set.line'} />
          </p>
          <form
            className={styles.form}
            noValidate
            autoComplete="off"
            onSubmit={(event) => {
              event.preventDefault()
              void save(isClearing ? [] : answers.map((answer) => answer.link))
            }}
          >
            {!isClearing && answers.length >= MIN_GUARDIANS && (
              <Threshold count={answers.length} value={needed} onChange={setThreshold} />
            )}
            <SecretField secret={secret} />
            <Failure text={problem ?? set.failure} />
            <div className={styles.actions}>
              {hasSome && (
                <Button kind="quiet" onClick={() => setClearing(!isClearing)}>
                  <FormattedMessage id={isClearing ? 'guardians.keep' : 'guardians.clear'} />
                </Button>
              )}
              <Button
                type="submit"
                kind={isClearing ? 'danger' : 'primary'}
                filled={isClearing}
                disabled={!isClearing && answers.length < MIN_GUARDIANS}
                disabledReason={intl.formatMessage({ id: 'guardians.tooFew' })}
                busy={set.isBusy ? intl.formatMessage({ id: 'devices.signing' }) : undefined}
              >
                <FormattedMessage
                  id={isClearing ? 'guardians.clear.confirm' : 'guardians.set'}
                  values={{ n: answers.length }}
                />
              </Button>
            </div>
          </form>
        </li>
      </ol>
    </Section>
  )
}

interface AnswersProps {
  answers: readonly Answer[]
  onChange: (answers: readonly Answer[]) => void
}

/** The links that came back, one at a time, with the name that each says. */
function Answers({ answers, onChange }: AnswersProps) {
  const intl = useIntl()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const add = () => {
    const found = readGuardLink(text)
    const id =
      found === undefined
        ? 'guardians.answer.bad'
        : found.kind !== 'guardian'
          ? `guardians.answer.${found.kind}`
          : answers.some(({ link }) => link === found.text)
            ? 'guardians.answer.twice'
            : answers.length >= MAX_GUARDIANS
              ? 'guardians.answer.many'
              : undefined
    if (found === undefined || id !== undefined) return setProblem(intl.formatMessage({ id: id ?? '' }))
    setProblem(undefined)
    setText('')
    onChange([...answers, { link: found.text, name: found.name }])
  }
  return (
    <>
      <form
        className={styles.add}
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <TextField
          label={intl.formatMessage({ id: 'guardians.answer' })}
          error={problem}
          placeholder="palabre:guardian?…"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit">
          <FormattedMessage id="guardians.answer.add" />
        </Button>
      </form>
      {answers.length > 0 && (
        <ul className={styles.answers} aria-label={intl.formatMessage({ id: 'guardians.answers' })}>
          {answers.map((answer) => {
            const name = answer.name || intl.formatMessage({ id: 'guardians.unnamed' })
            return (
              <li key={answer.link} className={styles.answer}>
                <UserRoundCheck size={18} strokeWidth={1.75} aria-hidden />
                <bdi className={styles.name}>{name}</bdi>
                <IconButton
                  label={intl.formatMessage({ id: 'guardians.answer.remove' }, { name })}
                  icon={<X size={17} strokeWidth={1.75} aria-hidden />}
                  onClick={() => onChange(answers.filter((other) => other !== answer))}
                />
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}

interface ThresholdProps {
  count: number
  value: number
  onChange: (value: number) => void
}

/** How many of them must sign together. */
function Threshold({ count, value, onChange }: ThresholdProps) {
  const intl = useIntl()
  const options = Array.from({ length: count - 1 }, (_, index) => index + MIN_GUARDIANS)
  return (
    <label className={styles.threshold}>
      <span className={styles.stepTitle}>
        <FormattedMessage id="guardians.threshold" />
      </span>
      <select className={styles.select} value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {options.map((option) => (
          <option key={option} value={option}>
            {intl.formatMessage({ id: 'guardians.threshold.of' }, { n: option, count })}
          </option>
        ))}
      </select>
      <span className={styles.small}>
        <FormattedMessage id={value === count ? 'guardians.threshold.all' : 'guardians.threshold.help'} />
      </span>
    </label>
  )
}

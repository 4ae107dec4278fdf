import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Failure } from '../account/notes.tsx'
import { Stage } from '../account/stage.tsx'
import { pickPlaces } from './pick-places.ts'
import styles from './recovery.module.css'

const ASKED = 3

interface WordsCheckProps {
  /** How many words there are. */
  count: number
  onBack: () => void
  onConfirmed: () => void
}

/** Three of the words, from the paper. The node compares, and erases them when they are right. */
export function WordsCheck({ count, onBack, onConfirmed }: WordsCheckProps) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const [places] = useState(() => pickPlaces(count, ASKED))
  const [answers, setAnswers] = useState<readonly string[]>(() => places.map(() => ''))
  const [problem, setProblem] = useState<string>()
  const confirm = useMutation(
    orpc.account.confirmWords.mutationOptions({
      onSuccess: ({ confirmed }) =>
        confirmed ? onConfirmed() : setProblem(intl.formatMessage({ id: 'words.check.wrong' })),
      onError: (error) => setProblem(intl.formatMessage({ id: 'words.failed' }, { code: errorCodeOf(error) })),
    }),
  )
  const submit = () => {
    if (answers.some((answer) => answer.trim() === '')) {
      return setProblem(intl.formatMessage({ id: 'words.check.empty' }))
    }
    setProblem(undefined)
    const given = places.map((index, at) => ({ index, word: (answers[at] ?? '').trim().toLowerCase() }))
    confirm.mutate({ answers: given })
  }
  return (
    <Stage
      hasFocus
      title={<FormattedMessage id="words.check.title" />}
      lead={<FormattedMessage id="words.check.line" />}
      onSubmit={submit}
      actions={
        <>
          <Button kind="quiet" size="main" onClick={onBack}>
            <FormattedMessage id="words.check.back" />
          </Button>
          <Button
            kind="primary"
            size="main"
            type="submit"
            busy={confirm.isPending ? intl.formatMessage({ id: 'words.check.busy' }) : undefined}
          >
            <FormattedMessage id="words.check.action" />
          </Button>
        </>
      }
    >
      <div className={styles.asked}>
        {places.map((place, at) => (
          <TextField
            key={place}
            label={intl.formatMessage({ id: 'words.check.word' }, { n: place + 1 })}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            dir="ltr"
            value={answers[at] ?? ''}
            onChange={(event) => setAnswers(answers.with(at, event.currentTarget.value))}
          />
        ))}
      </div>
      <Failure text={problem} />
    </Stage>
  )
}

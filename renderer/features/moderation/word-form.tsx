import { type FormEvent, useId, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { MutedWord } from '../../../core/contract/moderation.ts'
import { isSearchable, MAX_WORD_CHARACTERS, MAX_WORD_GROUP_CHARACTERS } from '../../../core/record/word-text.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { TextField } from '../../ui/field.tsx'
import { Segment } from '../../ui/segment.tsx'
import styles from './moderation.module.css'
import { DAY_MS, MONTH_MS, useWords } from './use-words.ts'

const SPANS = { day: DAY_MS, week: 7 * DAY_MS, month: MONTH_MS } as const

type Span = keyof typeof SPANS | 'always' | 'kept'

export interface WordFormProps {
  /** The one that is changed; null for a new one. */
  word: MutedWord | null
  groups: readonly string[]
  isFull: boolean
  max: number
  onDone: () => void
}

export function WordForm({ word, groups, isFull, max, onDone }: WordFormProps) {
  const intl = useIntl()
  const id = useId()
  const { mute, isBusy, failure } = useWords()
  const [text, setText] = useState(word?.word ?? '')
  const [group, setGroup] = useState(word?.group ?? '')
  const [level, setLevel] = useState<MutedWord['level']>(word?.level ?? 'hide')
  const [span, setSpan] = useState<Span>(word === null ? 'always' : word.until === null ? 'always' : 'kept')
  const [exceptFollowed, setExcept] = useState(word?.exceptFollowed ?? false)
  const [error, setError] = useState<string>()
  const say = (name: string) => intl.formatMessage({ id: name })
  const isNew = word === null

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!isSearchable(text)) {
      setError(say('mutedWords.needsLetter'))
      return
    }
    setError(undefined)
    const until = span === 'always' ? null : span === 'kept' ? (word?.until ?? null) : Date.now() + SPANS[span]
    if (!(await mute({ word: text.trim(), group: group.trim(), level, until, exceptFollowed }))) return
    setText('')
    onDone()
  }

  const spans: Span[] = ['day', 'week', 'month', 'always', ...(word?.until == null ? [] : ['kept' as const])]
  return (
    <form className={styles.wordForm} aria-labelledby={`${id}-title`} onSubmit={(event) => void submit(event)}>
      <h2 className={styles.choiceName} id={`${id}-title`}>
        <FormattedMessage id={isNew ? 'mutedWords.add' : 'mutedWords.change'} />
      </h2>
      <TextField
        label={say('mutedWords.word')}
        value={text}
        maxLength={MAX_WORD_CHARACTERS}
        readOnly={!isNew}
        required
        autoComplete="off"
        error={error}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={styles.choice}>
        <span className={styles.choiceName} aria-hidden>
          <FormattedMessage id="mutedWords.level" />
        </span>
        <Segment
          label={say('mutedWords.level')}
          value={level}
          onChange={setLevel}
          options={[
            { value: 'hide', label: say('mutedWords.level.hide') },
            { value: 'warn', label: say('mutedWords.level.warn') },
          ]}
        />
        <p className={styles.wordLine} aria-live="polite">
          <FormattedMessage id={`mutedWords.level.${level}.help`} />
        </p>
      </div>
      <div className={styles.choice}>
        <span className={styles.choiceName} aria-hidden>
          <FormattedMessage id="mutedWords.until" />
        </span>
        <Segment
          label={say('mutedWords.until')}
          value={span}
          onChange={setSpan}
          options={spans.map((value) => ({ value, label: say(`mutedWords.until.${value}`) }))}
        />
      </div>
      <TextField
        label={say('mutedWords.group')}
        help={<FormattedMessage id="mutedWords.group.help" />}
        value={group}
        maxLength={MAX_WORD_GROUP_CHARACTERS}
        list={`${id}-groups`}
        autoComplete="off"
        onChange={(event) => setGroup(event.currentTarget.value)}
      />
      <datalist id={`${id}-groups`}>
        {groups.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Checkbox label={<FormattedMessage id="mutedWords.except" />} checked={exceptFollowed} onChange={setExcept} />
      {failure !== undefined && (
        <p className={styles.failed} role="alert">
          {failure}
        </p>
      )}
      <div className={styles.formEnd}>
        <Button
          kind="primary"
          type="submit"
          busy={isBusy ? say('mutedWords.saving') : undefined}
          disabled={isNew && isFull}
          disabledReason={isNew && isFull ? intl.formatMessage({ id: 'mutedWords.full' }, { max }) : undefined}
        >
          <FormattedMessage id={isNew ? 'mutedWords.addNow' : 'mutedWords.save'} />
        </Button>
        {!isNew && (
          <Button kind="quiet" onClick={onDone}>
            <FormattedMessage id="ui.cancel" />
          </Button>
        )}
        {isNew && isFull && (
          <p className={styles.wordLine}>
            <FormattedMessage id="mutedWords.full" values={{ max }} />
          </p>
        )}
      </div>
    </form>
  )
}

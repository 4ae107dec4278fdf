import { EyeOff } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Stage } from '../account/stage.tsx'
import styles from './recovery.module.css'

export interface WordListProps {
  words: readonly string[]
  onHide: () => void
  onWritten: () => void
}

/** The words in their order, to be copied by hand. */
export function WordList({ words, onHide, onWritten }: WordListProps) {
  return (
    <Stage
      hasFocus
      title={<FormattedMessage id="words.list" />}
      lead={<FormattedMessage id="words.list.line" />}
      actions={
        <>
          <Button kind="quiet" size="main" icon={<EyeOff size={17} strokeWidth={1.75} aria-hidden />} onClick={onHide}>
            <FormattedMessage id="words.hide" />
          </Button>
          <Button kind="primary" size="main" onClick={onWritten}>
            <FormattedMessage id="words.written" />
          </Button>
        </>
      }
    >
      <ol className={styles.words} dir="ltr" lang="en" translate="no">
        {words.map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word may stand twice, its place may not
          <li key={index} className={styles.word}>
            <span className={styles.place}>{index + 1}</span>
            {word}
          </li>
        ))}
      </ol>
    </Stage>
  )
}

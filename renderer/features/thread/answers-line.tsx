import { FormattedMessage } from 'react-intl'
import type { AnswersState } from '../../../core/contract/views.ts'
import styles from './thread.module.css'

/** Says whether seeds were asked for what strangers say: without them this is only what is on this computer. */
export function AnswersLine({ answers, seedsAsked }: AnswersState) {
  return (
    <p className={styles.answers} role="status">
      {answers === 'asking' ? (
        <FormattedMessage id="answers.asking" />
      ) : answers === 'asked' ? (
        <FormattedMessage id="answers.asked" values={{ count: seedsAsked }} />
      ) : (
        <FormattedMessage id="answers.nobody" />
      )}
    </p>
  )
}

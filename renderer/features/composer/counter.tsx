import { FormattedMessage, useIntl } from 'react-intl'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './composer.module.css'
import { MAX_TEXT_BYTES, type TextBudget } from './text-budget.ts'

const CIRCLE = 2 * Math.PI * 8.5

/** A ring that fills, how much may still be written, and how many characters there are. */
export function Counter({ budget, id = 'composer-counter' }: { budget: TextBudget; id?: string }) {
  const intl = useIntl()
  const { left, bytes, graphemes, tone } = budget
  const hint = intl.formatMessage({ id: 'composer.counterHint' }, { bytes, limit: MAX_TEXT_BYTES })
  return (
    <div className={styles.counter} data-tone={tone} title={hint} id={id}>
      {graphemes > 0 && (
        <span className={styles.characters}>
          <FormattedMessage id="composer.characters" values={{ count: graphemes }} />
        </span>
      )}
      <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden>
        <circle cx="11" cy="11" r="8.5" className={styles.track} />
        <circle
          cx="11"
          cy="11"
          r="8.5"
          className={styles.filled}
          strokeDasharray={CIRCLE}
          strokeDashoffset={CIRCLE * (1 - Math.min(1, bytes / MAX_TEXT_BYTES))}
        />
      </svg>
      <span className={styles.left}>
        {left < 0 ? (
          <FormattedMessage id="composer.over" values={{ over: -left }} />
        ) : (
          <FormattedMessage id="composer.left" values={{ left }} />
        )}
      </span>
      {tone !== 'plain' && (
        <span role="status">
          <VisuallyHidden>{hint}</VisuallyHidden>
        </span>
      )}
    </div>
  )
}

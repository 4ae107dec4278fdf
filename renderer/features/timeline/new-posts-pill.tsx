import { ArrowUp } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './timeline.module.css'

export interface NewPostsPillProps {
  count: number
  /** Id of the text that says so, with `count`. */
  words: 'home.new' | 'notifications.new'
  onPress: () => void
}

/** Says how many newer rows wait, and brings them. It straddles the line under the header and covers no text. */
export function NewPostsPill({ count, words, onPress }: NewPostsPillProps) {
  return (
    <div className={styles.pillPlace}>
      {count > 0 && (
        <button type="button" className={styles.pill} onClick={onPress} aria-keyshortcuts=".">
          <ArrowUp size={16} strokeWidth={2.2} aria-hidden />
          <FormattedMessage id={words} values={{ count }} />
        </button>
      )}
      <span role="status">
        <VisuallyHidden>{count > 0 && <FormattedMessage id={words} values={{ count }} />}</VisuallyHidden>
      </span>
    </div>
  )
}

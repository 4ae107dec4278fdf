import { ArrowUp } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './timeline.module.css'

/** Says how many newer posts wait, and brings them. It straddles the line under the header and covers no text. */
export function NewPostsPill({ count, onPress }: { count: number; onPress: () => void }) {
  return (
    <div className={styles.pillPlace}>
      {count > 0 && (
        <button type="button" className={styles.pill} onClick={onPress} aria-keyshortcuts=".">
          <ArrowUp size={16} strokeWidth={2.2} aria-hidden />
          <FormattedMessage id="home.new" values={{ count }} />
        </button>
      )}
      <span role="status">
        <VisuallyHidden>{count > 0 && <FormattedMessage id="home.new" values={{ count }} />}</VisuallyHidden>
      </span>
    </div>
  )
}

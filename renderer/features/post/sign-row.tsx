import { useIntl } from 'react-intl'
import type { PostView } from '../../../core/contract/views.ts'
import { signKey } from '../../../core/record/sign-text.ts'
import { isSame } from './sign-picker.tsx'
import styles from './signs.module.css'

const HEART = '❤'

export interface SignRowProps {
  post: PostView
  /** null takes the own one back. */
  onReact: (emoji: string | null) => void
}

/** How many gave which sign; a press gives the same or takes the own one back. Hearts alone have their count at the heart. */
export function SignRow({ post, onReact }: SignRowProps) {
  const intl = useIntl()
  const { signs = [], mine } = post
  if (signs.every(({ emoji }) => signKey(emoji) === HEART)) return null
  return (
    <ul className={styles.row} aria-label={intl.formatMessage({ id: 'post.signs' })}>
      {signs.map(({ emoji, count }) => {
        const isMine = isSame(mine.reaction, emoji)
        return (
          <li key={signKey(emoji)}>
            <button
              type="button"
              className={styles.count}
              aria-pressed={isMine}
              aria-label={intl.formatMessage({ id: isMine ? 'post.signMine' : 'post.sign' }, { emoji, count })}
              onClick={() => onReact(isMine ? null : emoji)}
            >
              <bdi className={styles.glyph}>{emoji}</bdi>
              {intl.formatNumber(count)}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

import { Bookmark } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import type { PostView } from '../../../core/contract/views.ts'
import { Button } from '../../ui/button.tsx'
import styles from './post.module.css'
import { usePostActions } from './use-post-actions.ts'

/** All that is left to do with a post that can't be shown: to take one's own bookmark away. */
export function UnkeepLine({ post }: { post: PostView }) {
  const { isKept, keep, failure } = usePostActions(post)
  return (
    <>
      {isKept && (
        <Button
          size="small"
          icon={<Bookmark size={16} strokeWidth={1.75} fill="currentColor" aria-hidden />}
          onClick={() => keep(false)}
        >
          <FormattedMessage id="post.unkeep" />
        </Button>
      )}
      {failure && (
        <p className={styles.failed} role="alert">
          <FormattedMessage id="post.failed.keep" values={{ cause: failure.cause }} />
        </p>
      )}
    </>
  )
}

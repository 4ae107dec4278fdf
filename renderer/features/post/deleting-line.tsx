import { Trash2 } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import { Notice } from './notice.tsx'
import { undoDeletion } from './pending-deletions.ts'
import styles from './post.module.css'

export interface DeletingLineProps {
  postId: string
  id: string | undefined
  /** It is being signed: there is nothing to take back any more. */
  isSending: boolean
}

/** In the place of a post that is about to be deleted: that nothing is yet, and the way back. */
export function DeletingLine({ postId, id, isSending }: DeletingLineProps) {
  return (
    <Notice icon={<Trash2 size={16} strokeWidth={1.75} aria-hidden />} id={id}>
      {isSending ? (
        <FormattedMessage id="post.deleting" />
      ) : (
        <>
          <FormattedMessage id="post.deletingSoon" />{' '}
          <button
            type="button"
            className={styles.link}
            onClick={(event) => {
              const article = event.currentTarget.closest('article')
              if (undoDeletion(postId)) requestAnimationFrame(() => article?.focus({ preventScroll: true }))
            }}
          >
            <FormattedMessage id="post.deletingUndo" />
          </button>
        </>
      )}
    </Notice>
  )
}

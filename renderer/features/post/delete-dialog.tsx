import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { undoWindow } from './pending-deletions.ts'
import styles from './post.module.css'

export interface DeleteDialogProps {
  onDelete: () => void
  onClose: () => void
}

/** Asks before a post is erased, and says what an erasure can't do. */
export function DeleteDialog({ onDelete, onClose }: DeleteDialogProps) {
  const intl = useIntl()
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'post.deleteTitle' })}
      footer={
        <>
          <Button onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button kind="danger" filled onClick={onDelete}>
            <FormattedMessage id="post.deleteConfirm" />
          </Button>
        </>
      }
    >
      <div className={styles.confirm}>
        <p>
          <FormattedMessage id="post.deleteBody" />
        </p>
        <p>
          <FormattedMessage id="post.deleteUndo" values={{ seconds: undoWindow.ms / 1_000 }} />
        </p>
      </div>
    </Dialog>
  )
}

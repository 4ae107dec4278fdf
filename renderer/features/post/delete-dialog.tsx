import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './post.module.css'

export interface DeleteDialogProps {
  remove: () => Promise<boolean>
  cause: string | undefined
  onClose: () => void
}

/** Asks before a post is erased, and says what an erasure can't do. */
export function DeleteDialog({ remove, cause, onClose }: DeleteDialogProps) {
  const intl = useIntl()
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const confirm = async () => {
    setBusy(true)
    const isDone = await remove()
    setBusy(false)
    if (!isDone) return
    onClose()
    toast({
      text: intl.formatMessage({ id: 'post.deletedToast' }),
      icon: <Trash2 size={18} strokeWidth={1.75} aria-hidden />,
    })
  }
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
          <Button
            kind="danger"
            filled
            busy={isBusy ? intl.formatMessage({ id: 'post.deleting' }) : undefined}
            onClick={() => void confirm()}
          >
            <FormattedMessage id="post.deleteConfirm" />
          </Button>
        </>
      }
    >
      <div className={styles.confirm}>
        <p>
          <FormattedMessage id="post.deleteBody" />
        </p>
        {cause !== undefined && (
          <p className={styles.failed} role="alert">
            <FormattedMessage id="post.failed.delete" values={{ cause }} />
          </p>
        )}
      </div>
    </Dialog>
  )
}

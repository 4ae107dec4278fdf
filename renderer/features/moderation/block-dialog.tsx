import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './moderation.module.css'

export interface BlockDialogProps {
  name: string
  isBusy: boolean
  failure: string | undefined
  block: () => Promise<boolean>
  onClose: () => void
}

/** Asks before somebody is blocked: everybody can see that. */
export function BlockDialog({ name, isBusy, failure, block, onClose }: BlockDialogProps) {
  const intl = useIntl()
  const confirm = async () => {
    if (await block()) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'moderation.blockTitle' }, { name })}
      footer={
        <>
          <Button onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button
            kind="danger"
            filled
            busy={isBusy ? intl.formatMessage({ id: 'moderation.blocking' }) : undefined}
            onClick={() => void confirm()}
          >
            <FormattedMessage id="moderation.blockConfirm" />
          </Button>
        </>
      }
    >
      <p>
        <FormattedMessage id="moderation.blockBody" />
      </p>
      {failure !== undefined && (
        <p className={styles.failed} role="alert">
          {failure}
        </p>
      )}
    </Dialog>
  )
}

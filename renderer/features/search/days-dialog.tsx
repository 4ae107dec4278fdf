import { useId, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import styles from './search.module.css'

export interface DaysDialogProps {
  since: string | undefined
  until: string | undefined
  onChoose: (days: { since: string | undefined; until: string | undefined }) => void
  onClose: () => void
}

/** From which day to which, both included; either may be left open. */
export function DaysDialog({ since, until, onChoose, onClose }: DaysDialogProps) {
  const intl = useIntl()
  const id = useId()
  const [first, setFirst] = useState(since ?? '')
  const [last, setLast] = useState(until ?? '')
  const isTurned = first !== '' && last !== '' && first > last
  const isEmpty = first === '' && last === ''
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'search.days.title' })}
      footer={
        <>
          <Button onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button kind="primary" type="submit" form={id} disabled={isTurned || isEmpty}>
            <FormattedMessage id="search.days.set" />
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          if (isTurned || isEmpty) return
          onChoose({ since: first || undefined, until: last || undefined })
          onClose()
        }}
      >
        <TextField
          type="date"
          label={intl.formatMessage({ id: 'search.days.first' })}
          value={first}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
        <TextField
          type="date"
          label={intl.formatMessage({ id: 'search.days.last' })}
          value={last}
          error={isTurned ? intl.formatMessage({ id: 'search.days.turned' }) : undefined}
          onChange={(event) => setLast(event.currentTarget.value)}
        />
      </form>
    </Dialog>
  )
}

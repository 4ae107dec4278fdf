import { LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { DesktopLock } from '../rpc/desktop-lock.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { TextField } from '../ui/field.tsx'
import styles from './unlock.module.css'

const code = (words: React.ReactNode) => <code>{words}</code>

/** Asks for the passphrase of this computer. It goes to the node once; here it leaves the field at once. */
export function UnlockForm({ lock }: { lock: DesktopLock }) {
  const intl = useIntl()
  const [passphrase, setPassphrase] = useState('')
  const [isShown, setShown] = useState(false)
  const [isEmpty, setEmpty] = useState(false)
  /** The question that was answered; a new one says that the answer was wrong. */
  const [answered, setAnswered] = useState<DesktopLock>()
  const isOpening = answered === lock
  const problem = isEmpty ? 'computer.empty' : lock.attempt > 1 && !isOpening ? 'unlock.wrong' : undefined
  return (
    <form
      className={styles.form}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        setEmpty(passphrase === '')
        if (passphrase === '') return
        window.palabreDesktop?.unlock?.(passphrase)
        setAnswered(lock)
        setPassphrase('')
      }}
    >
      <LockKeyhole className={styles.icon} strokeWidth={1.5} aria-hidden />
      <h1 className={styles.title}>
        <FormattedMessage id="unlock.title" />
      </h1>
      <p className={styles.line}>
        <FormattedMessage id="unlock.line" />
      </p>
      <TextField
        label={intl.formatMessage({ id: 'unlock.label' })}
        error={problem === undefined ? undefined : intl.formatMessage({ id: problem })}
        type={isShown ? 'text' : 'password'}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        readOnly={isOpening}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
      <div className={styles.end}>
        <Checkbox label={<FormattedMessage id="computer.show" />} checked={isShown} onChange={setShown} />
        <Button
          kind="primary"
          size="main"
          type="submit"
          busy={isOpening ? intl.formatMessage({ id: 'unlock.opening' }) : undefined}
        >
          <FormattedMessage id="unlock.action" />
        </Button>
      </div>
      <p className={styles.small}>
        <FormattedMessage id="unlock.forgotten" values={{ code }} />
      </p>
    </form>
  )
}

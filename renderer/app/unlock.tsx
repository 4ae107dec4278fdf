import { LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { SecretField, useSecret } from '../features/account/secret-field.tsx'
import type { DesktopLock } from '../rpc/desktop-lock.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { TextField } from '../ui/field.tsx'
import styles from './unlock.module.css'

/** Asks for the passphrase of this computer, or the 24 words. It goes to the node once; here it leaves the field at once. */
export function UnlockForm({ lock }: { lock: DesktopLock }) {
  const intl = useIntl()
  const [passphrase, setPassphrase] = useState('')
  const [isShown, setShown] = useState(false)
  const [isEmpty, setEmpty] = useState(false)
  const [byWords, setByWords] = useState(false)
  const secret = useSecret()
  /** The question that was answered; a new one says that the answer was wrong. */
  const [answered, setAnswered] = useState<DesktopLock>()
  /** What was answered with last: only that is called wrong. */
  const [wasByWords, setWasByWords] = useState(false)
  const isOpening = answered === lock
  const isWrong = lock.attempt > 1 && !isOpening && byWords === wasByWords
  const problem = isEmpty ? 'computer.empty' : isWrong ? 'unlock.wrong' : undefined
  const submit = () => {
    const given = byWords ? secret.read() : passphrase
    setEmpty(!byWords && passphrase === '')
    if (given === undefined || given === '') return
    window.palabreDesktop?.unlock?.(given)
    setAnswered(lock)
    setWasByWords(byWords)
    setPassphrase('')
    secret.clear()
  }
  return (
    <form
      className={styles.form}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <LockKeyhole className={styles.icon} strokeWidth={1.5} aria-hidden />
      <h1 className={styles.title}>
        <FormattedMessage id="unlock.title" />
      </h1>
      <p className={styles.line}>
        <FormattedMessage id={byWords ? 'unlock.words.line' : 'unlock.line'} />
      </p>
      {byWords ? (
        <SecretField
          secret={secret}
          only="words"
          help={<FormattedMessage id="unlock.words.help" />}
          failure={isWrong ? intl.formatMessage({ id: 'unlock.words.wrong' }) : undefined}
          autoFocus
        />
      ) : (
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
      )}
      <div className={styles.end}>
        {byWords ? (
          <span />
        ) : (
          <Checkbox label={<FormattedMessage id="computer.show" />} checked={isShown} onChange={setShown} />
        )}
        <Button
          kind="primary"
          size="main"
          type="submit"
          busy={isOpening ? intl.formatMessage({ id: 'unlock.opening' }) : undefined}
        >
          <FormattedMessage id="unlock.action" />
        </Button>
      </div>
      <div className={styles.small}>
        <Button
          kind="quiet"
          size="small"
          className={styles.other}
          disabled={isOpening}
          onClick={() => {
            setByWords(!byWords)
            setEmpty(false)
            setPassphrase('')
            secret.clear()
          }}
        >
          <FormattedMessage id={byWords ? 'unlock.byPassphrase' : 'unlock.byWords'} />
        </Button>
        {byWords && (
          <p>
            <FormattedMessage id="unlock.words.then" />
          </p>
        )}
      </div>
    </form>
  )
}

import { Copy } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../people/use-copy.ts'
import { QrCode } from '../share/qr-code.tsx'
import styles from './account.module.css'

export interface LinkBoxProps {
  /** What it is, for the code and for screen readers. */
  label: string
  link: string
  /** Also as a code for a camera. */
  hasCode?: boolean
  /** The one thing to do on this screen. */
  isMain?: boolean
}

/** A link to hand over: as text, to copy, and as a code where another machine can look at this screen. */
export function LinkBox({ label, link, hasCode = false, isMain = false }: LinkBoxProps) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  return (
    <div className={styles.linkBox}>
      {hasCode && <QrCode text={link} label={intl.formatMessage({ id: 'account.link.code' }, { label })} />}
      <div className={styles.linkWords}>
        <p className={styles.linkLabel}>{label}</p>
        <p className={styles.link} dir="ltr" translate="no">
          {link}
        </p>
        <Button
          kind={isMain ? 'primary' : 'secondary'}
          icon={<Copy size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => void copy(link, 'account.link.copied')}
        >
          <FormattedMessage id="account.link.copy" />
        </Button>
        {failure !== undefined && (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        )}
      </div>
    </div>
  )
}

import { FormattedMessage, useIntl } from 'react-intl'
import { classNames } from '../../ui/class-names.ts'
import { Popover } from '../../ui/popover.tsx'
import styles from './media.module.css'

/** Opens the description of a picture. Without one readers see no plate, and the author is reminded. */
export function AltPlate({ alt, isMine }: { alt: string; isMine: boolean }) {
  const intl = useIntl()
  const isMissing = alt === ''
  if (isMissing && !isMine) return null
  return (
    <Popover
      title={intl.formatMessage({ id: isMissing ? 'media.altMissing' : 'media.altShow' })}
      side="top"
      trigger={
        <button
          type="button"
          className={classNames(styles.plate, isMissing && styles.plateMissing)}
          aria-label={intl.formatMessage({ id: isMissing ? 'media.altMissing' : 'media.altShow' })}
        >
          <FormattedMessage id={isMissing ? 'media.altMissing' : 'media.alt'} />
        </button>
      }
    >
      <p className={styles.alt} dir="auto">
        {isMissing ? <FormattedMessage id="media.altMissingHint" /> : alt}
      </p>
    </Popover>
  )
}

import { X } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { MAX_ALT_BYTES } from '../../../core/record/limits.ts'
import { TextArea } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import styles from './composer.module.css'
import type { ComposerPicture } from './composer-state.ts'
import { countBytes } from './text-budget.ts'

export interface PictureRowProps {
  picture: ComposerPicture
  index: number
  onAlt: (alt: string) => void
  onRemove: () => void
}

/** One picture with its description beside it. */
export function PictureRow({ picture, index, onAlt, onRemove }: PictureRowProps) {
  const intl = useIntl()
  const over = countBytes(picture.alt) - MAX_ALT_BYTES
  return (
    <div className={styles.row}>
      <div className={styles.preview} aria-busy={picture.status === 'reading'}>
        {picture.url ? (
          <img
            src={picture.url}
            alt={picture.alt || intl.formatMessage({ id: 'composer.pictureAlt' }, { index: index + 1 })}
          />
        ) : (
          <span className={styles.reading} role="status">
            <FormattedMessage id="composer.reading" />
          </span>
        )}
        <IconButton
          plate
          className={styles.remove}
          label={intl.formatMessage({ id: 'composer.removePicture' }, { index: index + 1 })}
          icon={<X size={16} strokeWidth={2.2} aria-hidden />}
          onClick={onRemove}
        />
      </div>
      <div className={styles.description}>
        <TextArea
          label={intl.formatMessage({ id: 'composer.describe' })}
          placeholder={intl.formatMessage({ id: 'composer.describePlaceholder' })}
          help={
            <>
              <FormattedMessage id="composer.describeHelp" />
              {picture.isFirstFrameOnly && (
                <>
                  {' '}
                  <FormattedMessage id="composer.firstFrame" />
                </>
              )}
            </>
          }
          error={over > 0 ? intl.formatMessage({ id: 'composer.describeLong' }, { over }) : undefined}
          value={picture.alt}
          rows={2}
          dir="auto"
          className={styles.alt}
          onChange={(event) => onAlt(event.currentTarget.value)}
        />
      </div>
    </div>
  )
}

import { useIntl } from 'react-intl'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import styles from './people.module.css'
import { useCopy } from './use-copy.ts'

/** The last eight characters of a profile address in two fours; a press copies the whole. */
export function ShortId({ profile }: { profile: string }) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  const short = shortPeerId(profile)
  return (
    <button
      type="button"
      dir="ltr"
      className={styles.id}
      title={failure ?? profile}
      aria-label={intl.formatMessage({ id: 'people.copyId' }, { id: short })}
      onClick={() => void copy(profile, 'people.idCopied')}
    >
      {short}
    </button>
  )
}

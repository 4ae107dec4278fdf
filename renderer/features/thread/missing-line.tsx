import { FormattedMessage } from 'react-intl'
import { useNetwork } from '../../app/use-network.ts'
import { Rings } from '../../ui/rings.tsx'
import styles from './thread.module.css'

export interface MissingLineProps {
  missing: number
  replies: number
  onAskAgain: () => void
  isAsking: boolean
}

/** Says what of a thread is here, what is missing and why. */
export function MissingLine({ missing, replies, onAskAgain, isAsking }: MissingLineProps) {
  const network = useNetwork()
  return (
    <div className={styles.completeness}>
      <Rings held={Math.min(2, network?.seeds ?? 0)} size={22} />
      <div>
        <p className={styles.strong}>
          <FormattedMessage id="thread.complete" values={{ count: replies }} />
        </p>
        {missing > 0 && (
          <p>
            <FormattedMessage id="thread.missing" values={{ count: missing }} />
          </p>
        )}
      </div>
      <button type="button" className={styles.link} onClick={onAskAgain} disabled={isAsking}>
        <FormattedMessage id="thread.askAgain" />
      </button>
    </div>
  )
}

import { MailOpen } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import styles from './invite.module.css'
import { JoinDialog } from './join-dialog.tsx'

/** There is no public seed to offer: what can be done instead. `hasJoin` where joining isn't offered beside it anyway. */
export function NoSeeds({ hasJoin = true }: { hasJoin?: boolean }) {
  const [isJoining, setJoining] = useState(false)
  return (
    <div className={styles.noSeeds}>
      <p className={styles.text}>
        <FormattedMessage id="invite.noSeeds" />
      </p>
      <ul className={styles.ways}>
        <li>
          <FormattedMessage id="invite.noSeeds.join" />
        </li>
        <li>
          <FormattedMessage
            id="invite.noSeeds.run"
            values={{
              command: (
                <code className={styles.command} dir="ltr" translate="no">
                  palabre seed
                </code>
              ),
            }}
          />
        </li>
        <li>
          <FormattedMessage id="invite.noSeeds.lan" />
        </li>
      </ul>
      {hasJoin && (
        <div>
          <Button icon={<MailOpen size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setJoining(true)}>
            <FormattedMessage id="invite.join.title" />
          </Button>
          <JoinDialog open={isJoining} onClose={() => setJoining(false)} />
        </div>
      )}
    </div>
  )
}

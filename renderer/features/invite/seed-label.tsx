import { FormattedMessage } from 'react-intl'
import type { InviteSeed } from '../../../core/contract/invitations.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import styles from './invite.module.css'

export interface SeedLabelProps {
  seed: Pick<InviteSeed, 'address' | 'peerId' | 'name' | 'scope' | 'isConnected'> & {
    kind?: InviteSeed['kind']
    /** False for one that leads to no other computer. */
    isUsable?: boolean
  }
}

/** What a seed calls itself, how far its address reaches, and the address itself, whole. */
export function SeedLabel({ seed }: SeedLabelProps) {
  const { address, peerId, name, scope, isConnected, kind = 'seed', isUsable = true } = seed
  return (
    <span className={styles.words}>
      <span className={styles.seedLine}>
        {kind === 'own' ? (
          <span className={styles.name}>
            <FormattedMessage id="invite.seed.own" />
          </span>
        ) : (
          <bdi className={styles.name}>{name || <span dir="ltr">{shortPeerId(peerId)}</span>}</bdi>
        )}
        <span className={styles.small}>
          <FormattedMessage
            id={isUsable ? `invite.seed.${scope}` : 'invite.seed.useless'}
            values={{ connected: isConnected ? 'yes' : 'no' }}
          />
        </span>
      </span>
      <span className={styles.address} dir="ltr" translate="no">
        {address}
      </span>
    </span>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Check, CircleAlert, Clock, Minus } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { JoinView } from '../../../core/contract/invitations.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { describeCause } from '../network/describe-cause.ts'
import { PersonLabel } from './choice-list.tsx'
import styles from './invite.module.css'

/** Beside the hints of the node: when an address is tried again is told by none of them. */
const LOOK_EVERY_MS = 2_000

const ICONS = {
  connected: Check,
  following: Check,
  waiting: Clock,
  pending: Clock,
  unreachable: CircleAlert,
  none: Minus,
} as const

/** The invitation that was accepted last, undefined while that isn't known, null for none. */
export function useJoin(): JoinView | null | undefined {
  const { orpc } = useRpc()
  return useQuery(
    orpc.invitations.status.queryOptions({
      refetchInterval: (query) => (query.state.data?.join?.isDone === false ? LOOK_EVERY_MS : false),
    }),
  ).data?.join
}

/** How far an accepted invitation is: a line for each seed and each person. */
export function JoinProgress({ join }: { join: JoinView }) {
  const intl = useIntl()
  const { seeds, people, needsAccount, isDone } = join
  const connected = seeds.filter(({ state }) => state === 'connected').length
  const following = people.filter(({ state }) => state === 'following').length
  const stage = isDone ? 'done' : needsAccount ? 'account' : connected > 0 ? 'reading' : 'reaching'
  return (
    <section className={styles.form} aria-label={intl.formatMessage({ id: 'invite.progress' })}>
      <p className={styles.text} role="status">
        <FormattedMessage
          id={`invite.progress.${stage}`}
          values={{ connected, seeds: seeds.length, following, people: people.length }}
        />
      </p>
      {people.length > 0 && (
        <ul className={styles.lines}>
          {people.map((person) => (
            <li key={person.profile} className={styles.line}>
              <PersonLabel person={person} />
              <State of={person.state} id={`invite.person.${person.state}`} />
            </li>
          ))}
        </ul>
      )}
      {seeds.length > 0 && (
        <ul className={styles.lines}>
          {seeds.map(({ address, peerId, state, cause }) => (
            <li key={address} className={styles.line}>
              <span className={styles.words}>
                <span className={styles.name}>
                  <FormattedMessage id="invite.seed" values={{ id: <bdi dir="ltr">{shortPeerId(peerId)}</bdi> }} />
                </span>
                <span className={styles.address} dir="ltr" translate="no">
                  {address.split('/p2p/')[0]}
                </span>
                {cause !== null && <span className={styles.cause}>{describeCause(intl, cause)}</span>}
              </span>
              <State of={state} id={`invite.seed.${state}`} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function State({ of, id }: { of: keyof typeof ICONS; id: string }) {
  const Icon = ICONS[of]
  return (
    <span className={styles.state} data-state={of}>
      <Icon size={16} strokeWidth={1.9} aria-hidden />
      <FormattedMessage id={id} />
    </span>
  )
}

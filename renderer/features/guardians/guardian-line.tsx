import { FormattedMessage, useIntl } from 'react-intl'
import type { Guardians } from '../../../core/contract/accounts.ts'
import { formatAgo } from '../../ui/format-ago.ts'
import { ShortId } from '../people/short-id.tsx'

export type Guardian = Guardians['items'][number]

/** A guardian is quiet after this (contract: a sign of life within the last 90 days). */
const ALIVE_MS = 90 * 86_400_000

export function guardianStateOf({ lastAliveAt }: Guardian, now: number): 'alive' | 'quiet' | 'never' {
  if (lastAliveAt === null) return 'never'
  return now - lastAliveAt < ALIVE_MS ? 'alive' : 'quiet'
}

/** When a guardian gave a sign of life, and the profile's short peer ID where it is known here. */
export function GuardianLine({ guardian, now }: { guardian: Guardian; now: number }) {
  const intl = useIntl()
  const { lastAliveAt, profile } = guardian
  return (
    <>
      <FormattedMessage
        id={`guardians.state.${guardianStateOf(guardian, now)}`}
        values={{ when: lastAliveAt === null ? '' : formatAgo(intl, lastAliveAt, now) }}
      />
      {profile !== null && (
        <>
          {' · '}
          <ShortId profile={profile} />
        </>
      )}
    </>
  )
}

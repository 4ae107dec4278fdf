import { FormattedMessage } from 'react-intl'
import type { RecoveryMeans } from '../../../core/contract/accounts.ts'
import { Hero } from '../settings/parts.tsx'

/** Two that work make an account safe: one paper can burn. */
const SAFE = 2

/** Whether one could come back today, in a sentence, and what is missing. */
export function RecoveryHero({ means }: { means: RecoveryMeans }) {
  const kind = means.ready === 0 ? 'none' : means.ready < SAFE ? 'one' : 'ready'
  return (
    <Hero
      held={means.ready}
      title={<FormattedMessage id={`recovery.hero.${kind}`} />}
      line={
        <FormattedMessage
          id={`recovery.hero.${kind}.line`}
          values={{
            ready: means.ready,
            rehearsed: means.words.confirmed && means.words.rehearsedAt === null ? 'no' : 'yes',
          }}
        />
      }
    />
  )
}

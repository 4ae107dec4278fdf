import { FormattedMessage } from 'react-intl'
import type { Reach } from '../../../core/contract/reach.ts'

import styles from './network.module.css'

/** How far others reach this node, how that was found, and what may be done about it. */
export function ReachSection({ reach }: { reach: Reach }) {
  const { kind, source, hint, port, observed, relays, places } = reach
  return (
    <section className={styles.section} aria-labelledby="network-reach">
      <h2 id="network-reach" className={styles.sectionTitle}>
        <FormattedMessage id="reach.title" />
      </h2>
      <p className={styles.reach}>
        <FormattedMessage id={`reach.kind.${kind}`} />
      </p>
      <p className={styles.none}>
        {source !== 'none' && (
          <>
            <FormattedMessage id={`reach.source.${source}`} values={{ relays: relays.length }} />{' '}
          </>
        )}
        {hint !== 'none' && (hint !== 'open-port' || port !== null) && (
          <>
            <FormattedMessage id={`reach.hint.${hint}`} values={{ port: String(port) }} />{' '}
          </>
        )}
        {observed[0] !== undefined && (
          <>
            <FormattedMessage id="reach.observed" values={{ address: observed[0] }} />{' '}
          </>
        )}
        {places !== null && <FormattedMessage id="reach.places" values={{ used: places.used, limit: places.limit }} />}
      </p>
    </section>
  )
}

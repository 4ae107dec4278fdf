import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { SearchWay } from '../../../core/contract/finding.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './search-ways.module.css'

/** In the order in which they are likely to lead somewhere. */
const WAYS = ['address', 'memory', 'peers', 'dht', 'lan'] as const

export interface SearchWaysProps {
  /** A peer ID of which nothing is here. */
  profile: string
}

/** Looks for somebody as long as this stands on the page, and says in which ways and how far. */
export function SearchWays({ profile }: SearchWaysProps) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const { data: search, refetch } = useQuery(orpc.profiles.search.queryOptions({ input: { profile } }))
  const begun = useRef<string>(undefined)
  const begin = async () => {
    await client.profiles.find({ profile })
    await refetch()
  }
  useEffect(() => {
    if (search !== null || begun.current === profile) return
    begun.current = profile
    void begin().catch(() => undefined)
  })
  if (!search) return null
  const ways = WAYS.flatMap((name) => search.ways.find(({ way }) => way === name) ?? [])
  return (
    <section className={styles.search} aria-label={intl.formatMessage({ id: 'people.search.label' })}>
      <ul className={styles.ways}>
        {ways.map((way) => (
          <Way key={way.way} way={way} />
        ))}
      </ul>
      {search.state === 'nothing' && (
        <div className={styles.end} role="status">
          <p>
            <FormattedMessage id="people.search.ended" />
          </p>
          <Button size="small" onClick={() => void begin().catch(() => undefined)}>
            <FormattedMessage id="people.search.again" />
          </Button>
        </div>
      )}
    </section>
  )
}

function Way({ way: { way, state, asked } }: { way: SearchWay }) {
  return (
    <li className={styles.way} data-state={state}>
      <span>
        <FormattedMessage id={`people.search.way.${way}`} />
      </span>
      <span className={styles.state}>
        <FormattedMessage id={`people.search.${state}`} values={{ count: asked }} />
      </span>
    </li>
  )
}

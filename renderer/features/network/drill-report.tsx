import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, type IntlShape, useIntl } from 'react-intl'
import type { Drill } from '../../../core/contract/drill.ts'
import { formatSpan } from '../../ui/format-span.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './drill.module.css'

/** What still worked and what didn't, a sentence a line: only what was seen. */
export function DrillReport({ drill }: { drill: Drill }) {
  const intl = useIntl()
  const { followed, peers, seeds, written, own, received, sent, firstPeerMs, directAfterMs, seedsBackMs } = drill
  const reached = followed.direct + followed.carried
  const failed = drill.ways.filter(({ count }) => count === 0)
  return (
    <ul className={styles.report}>
      <Line worked={followed.count === 0 ? null : reached > 0}>
        {followed.count === 0 ? (
          <FormattedMessage id="drill.followed.none" />
        ) : (
          <FormattedMessage id="drill.followed" values={{ ...followed, reached }} />
        )}
      </Line>
      <Line worked={peers.last > 0}>
        <FormattedMessage id="drill.peers" values={peers} />
      </Line>
      {firstPeerMs !== null && firstPeerMs > 0 && (
        <Line worked>
          <FormattedMessage id="drill.first" values={{ span: formatShort(intl, firstPeerMs) }} />
        </Line>
      )}
      <Line worked={directAfterMs === null ? null : true}>
        {directAfterMs === null ? (
          <FormattedMessage id="drill.direct.none" />
        ) : (
          <FormattedMessage id="drill.direct" values={{ span: formatShort(intl, directAfterMs) }} />
        )}
      </Line>
      <Line worked={received + sent > 0}>
        <FormattedMessage id="drill.records" values={{ received, sent }} />
      </Line>
      {written.count > 0 && (
        <Line worked={written.held > 0}>
          <FormattedMessage id="drill.written" values={written} />
        </Line>
      )}
      {own.records > 0 && (
        <Line worked={own.holders > 0}>
          <FormattedMessage id="drill.own" values={own} />
        </Line>
      )}
      {failed.length > 0 && (
        <Line worked={null}>
          <FormattedMessage
            id="drill.ways"
            values={{ ways: intl.formatList(failed.map(({ way }) => intl.formatMessage({ id: `drill.way.${way}` }))) }}
          />
        </Line>
      )}
      {seeds.before > 0 && drill.state === 'ended' && (
        <Line worked={seedsBackMs !== null}>
          {seedsBackMs === null ? (
            <FormattedMessage id="drill.back.none" />
          ) : (
            <FormattedMessage id="drill.back" values={{ span: formatShort(intl, seedsBackMs) }} />
          )}
        </Line>
      )}
    </ul>
  )
}

/** `worked`: null for what is only said. */
function Line({ worked, children }: { worked: boolean | null; children: ReactNode }) {
  const Icon = worked === true ? Check : Minus
  return (
    <li data-worked={worked ?? undefined}>
      <Icon size={16} strokeWidth={2.2} aria-hidden />
      <span>
        {worked !== null && (
          <VisuallyHidden>
            <FormattedMessage id={worked ? 'drill.said.yes' : 'drill.said.no'} />
            {': '}
          </VisuallyHidden>
        )}
        {children}
      </span>
    </li>
  )
}

/** To the second under two minutes. */
function formatShort(intl: IntlShape, ms: number): string {
  if (ms >= 120_000) return formatSpan(intl, ms)
  const seconds = Math.max(1, Math.round(ms / 1_000))
  const span = intl.formatNumber(seconds, { style: 'unit', unit: 'second', unitDisplay: 'long' })
  return span.replaceAll(' ', '\u00a0')
}

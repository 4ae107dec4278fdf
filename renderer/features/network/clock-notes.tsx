import { Clock } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation } from 'wouter'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { routes } from '../../app/routes.ts'
import { formatSpan } from '../../ui/format-span.ts'
import { Strip } from '../../ui/strip.tsx'
import { Note } from '../account/notes.tsx'
import styles from './network.module.css'
import { systemOf, useClockWarning } from './use-clock-warning.ts'

const bold = (words: ReactNode) => <b>{words}</b>

/** One amber line on every page while this clock is wrong; the Network page says more in its place. */
export function ClockLine() {
  const intl = useIntl()
  const [location] = useLocation()
  const warning = useClockWarning()
  return (
    <div role="status">
      {warning !== undefined && location !== routes.network && (
        <Strip
          tone="warn"
          icon={<Clock size={19} strokeWidth={1.75} aria-hidden />}
          action={
            <Link href={routes.network}>
              <FormattedMessage id="clock.line.action" />
            </Link>
          }
        >
          <FormattedMessage
            id={`clock.line.${warning.side}`}
            values={{ span: formatSpan(intl, warning.offMs), b: bold }}
          />
        </Strip>
      )}
    </div>
  )
}

/** How this clock compares with those of the seeds; what is wrong with it and what to do, where it is. */
export function ClockSection({ network }: { network: NetworkStatus }) {
  const intl = useIntl()
  const warning = useClockWarning()
  return (
    <section className={styles.section} aria-labelledby="network-clock">
      <h2 id="network-clock" className={styles.sectionTitle}>
        <FormattedMessage id="clock.title" />
      </h2>
      {warning === undefined ? (
        <p className={styles.none}>
          <FormattedMessage id={network.clock.offsetMs === null ? 'clock.unknown' : 'clock.right'} />
        </p>
      ) : (
        <Note tone="warn">
          <p className={styles.clockState}>
            <FormattedMessage
              id={`clock.${warning.side}`}
              values={{ span: formatSpan(intl, warning.offMs), seeds: network.seeds }}
            />
          </p>
          <p>
            <FormattedMessage id={`clock.${warning.side}.means`} />
          </p>
          <p>
            <FormattedMessage id="clock.fix" values={{ system: systemOf(navigator.userAgent) }} />
          </p>
          <p>
            <FormattedMessage id="clock.sure" />
          </p>
        </Note>
      )}
    </section>
  )
}

/** In the composer: what a wrong clock does to what is being written. No gate. */
export function ClockHint({ className }: { className?: string | undefined }) {
  const intl = useIntl()
  const warning = useClockWarning()
  if (warning === undefined) return null
  return (
    <p className={className} role="status">
      <Clock size={18} strokeWidth={1.75} aria-hidden />
      <span>
        <FormattedMessage id={`clock.hint.${warning.side}`} values={{ span: formatSpan(intl, warning.offMs) }} />
      </span>
    </p>
  )
}

import { History } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, type IntlShape, useIntl } from 'react-intl'
import { Link } from 'wouter'
import type { CatchUp } from '../../../core/contract/catch-up.ts'
import { LARGE_CATCH_UP } from '../../../core/contract/figures.ts'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { routes } from '../../app/routes.ts'
import { useNetwork } from '../../app/use-network.ts'
import { formatSpan } from '../../ui/format-span.ts'
import { Progress } from '../../ui/progress.tsx'
import { Strip } from '../../ui/strip.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { isRestoring, useRecovery } from '../recovery/use-recovery.ts'
import styles from './catch-up.module.css'

const SHOWN_PEERS = 3
/** Screen readers hear of so many steps, not of every figure. */
const SAID_STEPS = 4

function largeOf(network: NetworkStatus | undefined): CatchUp | null {
  const catchUp = network?.catchUp ?? null
  return catchUp === null || catchUp.expected < LARGE_CATCH_UP ? null : catchUp
}

/** On the Network page while many records are on their way: how many of how many, how fast, how long yet, from whom. */
export function CatchUpSection({ network }: { network: NetworkStatus }) {
  const intl = useIntl()
  const catchUp = largeOf(network)
  return (
    <>
      <Said catchUp={catchUp} />
      {catchUp !== null && (
        <section className={styles.section} aria-labelledby="catch-up">
          <div className={styles.head}>
            <h2 id="catch-up" className={styles.title}>
              <FormattedMessage id="catchUp.title" />
            </h2>
            <span className={styles.figures}>
              <FormattedMessage id="catchUp.figures" values={figuresOf(catchUp)} />
            </span>
          </div>
          <Progress label={intl.formatMessage({ id: 'catchUp.bar' })} value={catchUp.received} max={catchUp.expected} />
          <p className={styles.pace}>
            <Pace catchUp={catchUp} />
            {catchUp.secondsLeft !== null && <span>{formatLeft(intl, catchUp.secondsLeft)}</span>}
          </p>
          <p className={styles.note}>
            <FormattedMessage
              id="catchUp.from"
              values={{ names: intl.formatList(namesOf(intl, catchUp, network.peers)) }}
            />{' '}
            <FormattedMessage id="catchUp.note" />
          </p>
        </section>
      )}
    </>
  )
}

function Pace({ catchUp: { received, ratePerSecond } }: { catchUp: CatchUp }) {
  const rate = Math.max(1, Math.round(ratePerSecond))
  if (ratePerSecond > 0) return <FormattedMessage id="catchUp.rate" values={{ rate }} />
  if (received === 0) return <FormattedMessage id="catchUp.first" />
  return (
    <span className={styles.waits}>
      <FormattedMessage id="catchUp.still" />
    </span>
  )
}

/** On home while it waits for what is on its way: posts are missing that somebody has, and something comes. */
export function CatchUpLine({ isWaiting }: { isWaiting: boolean }) {
  const catchUp = largeOf(useNetwork())
  const isComingBack = isRestoring(useRecovery())
  const shown = isWaiting && !isComingBack && catchUp !== null && catchUp.ratePerSecond > 0 ? catchUp : null
  return (
    <>
      <Said catchUp={shown} />
      {shown !== null && (
        <Strip
          tone="good"
          icon={<History size={19} strokeWidth={1.75} aria-hidden />}
          action={
            <Link href={routes.network}>
              <FormattedMessage id="catchUp.line.action" />
            </Link>
          }
        >
          <FormattedMessage id="catchUp.line" values={figuresOf(shown)} />
        </Strip>
      )}
    </>
  )
}

/** For screen readers: that it has begun, and each quarter of it. */
function Said({ catchUp }: { catchUp: CatchUp | null }) {
  const intl = useIntl()
  const step = catchUp === null ? 0 : Math.floor((SAID_STEPS * catchUp.received) / catchUp.expected) / SAID_STEPS
  return (
    <div role="status">
      {catchUp !== null && (
        <VisuallyHidden>
          <FormattedMessage id="catchUp.said" values={{ part: intl.formatNumber(step, { style: 'percent' }) }} />
        </VisuallyHidden>
      )}
    </div>
  )
}

function formatLeft(intl: IntlShape, seconds: number): string {
  if (seconds < 60) return intl.formatMessage({ id: 'catchUp.left.soon' })
  return intl.formatMessage({ id: 'catchUp.left' }, { span: formatSpan(intl, 1_000 * seconds) })
}

function figuresOf({ received, expected }: CatchUp) {
  return { received, expected }
}

/** A few by name, the others by their number. */
function namesOf(intl: IntlShape, { peers }: CatchUp, known: NetworkStatus['peers']): ReactNode[] {
  const names = peers.map(({ peerId }): ReactNode => {
    const name = known.find((peer) => peer.peerId === peerId)?.name
    return <bdi key={peerId}>{name || shortPeerId(peerId)}</bdi>
  })
  if (names.length <= SHOWN_PEERS) return names
  const n = names.length - SHOWN_PEERS + 1
  return [...names.slice(0, SHOWN_PEERS - 1), intl.formatMessage({ id: 'catchUp.others' }, { n })]
}

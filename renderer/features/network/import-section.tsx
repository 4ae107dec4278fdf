import { FormattedMessage, useIntl } from 'react-intl'
import type { ImportView } from '../../../core/contract/archive.ts'
import { formatSpan } from '../../ui/format-span.ts'
import { Progress } from '../../ui/progress.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './catch-up.module.css'
import { formatBytes } from './format-bytes.ts'

/** Screen readers hear of so many steps, not of every figure. */
const SAID_STEPS = 4

/** On the Network page while an archive is taken in: how much of it, what came of it, how fast, how long yet. */
export function ImportSection({ view }: { view: ImportView | null }) {
  const intl = useIntl()
  return (
    <>
      <Said view={view} />
      {view !== null && (
        <section className={styles.section} aria-labelledby="import">
          <div className={styles.head}>
            <h2 id="import" className={styles.title}>
              <FormattedMessage id="import.title" values={{ file: <bdi>{view.file}</bdi> }} />
            </h2>
            <span className={styles.figures}>
              <FormattedMessage
                id="import.figures"
                values={{ done: formatBytes(intl, view.doneBytes), total: formatBytes(intl, view.totalBytes) }}
              />
            </span>
          </div>
          <Progress label={intl.formatMessage({ id: 'import.bar' })} value={view.doneBytes} max={view.totalBytes} />
          <Pace view={view} />
          <p className={styles.note}>
            <FormattedMessage id="import.counts" values={countsOf(view)} /> <FormattedMessage id="import.note" />
          </p>
        </section>
      )}
    </>
  )
}

function Pace({ view: { ratePerSecond, secondsLeft } }: { view: ImportView }) {
  const intl = useIntl()
  if (ratePerSecond === 0) return null
  const left =
    secondsLeft === null
      ? null
      : secondsLeft < 60
        ? intl.formatMessage({ id: 'catchUp.left.soon' })
        : intl.formatMessage({ id: 'catchUp.left' }, { span: formatSpan(intl, 1_000 * secondsLeft) })
  return (
    <p className={styles.pace}>
      <FormattedMessage id="catchUp.rate" values={{ rate: Math.max(1, Math.round(ratePerSecond)) }} />
      {left !== null && <span>{left}</span>}
    </p>
  )
}

/** For screen readers: that it has begun, and each quarter of it. */
function Said({ view }: { view: ImportView | null }) {
  const intl = useIntl()
  const step = view === null ? 0 : Math.floor((SAID_STEPS * view.doneBytes) / Math.max(1, view.totalBytes)) / SAID_STEPS
  return (
    <div role="status">
      {view !== null && (
        <VisuallyHidden>
          <FormattedMessage
            id="import.said"
            values={{ file: view.file, part: intl.formatNumber(step, { style: 'percent' }) }}
          />
        </VisuallyHidden>
      )}
    </div>
  )
}

function countsOf({ records: { added, known }, refused }: ImportView) {
  return { added, known, refused: refused.reduce((sum, { count }) => sum + count, 0) }
}

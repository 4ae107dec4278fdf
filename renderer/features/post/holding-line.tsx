import { FormattedMessage, useIntl } from 'react-intl'
import { Link } from 'wouter'
import type { Holding } from '../../../core/contract/views.ts'
import { Rings } from '../../ui/rings.tsx'
import { type HoldingStep, holdingSteps } from './holding-steps.ts'
import styles from './post.module.css'

/** How far an own post has travelled, why it isn't further, and what can be done. */
export function HoldingLine({ holding }: { holding: Holding }) {
  const intl = useIntl()
  const count = holding.seeds.length
  const names = intl.formatList(
    holding.seeds.slice(0, 3).map((seed) => seed.name),
    { type: 'conjunction' },
  )
  return (
    <div className={styles.holding}>
      <p className={styles.steps}>
        <Rings held={count} size={20} />
        {holdingSteps(count).map((step, index) => (
          <span key={`${step.label} ${'count' in step ? step.count : ''}`} className={styles.step}>
            {index > 0 && <span className={styles.join} data-state={step.state} aria-hidden />}
            <Step step={step} />
          </span>
        ))}
      </p>
      <p className={styles.cause}>
        {count > 0 ? (
          <span>
            <FormattedMessage id="post.holding.held" values={{ count, names: <bdi>{names}</bdi> }} />
          </span>
        ) : (
          <>
            <span>
              <FormattedMessage
                id={
                  holding.cause === 'offline'
                    ? 'post.holding.offline'
                    : holding.cause === 'no-seed'
                      ? 'post.holding.noSeed'
                      : 'post.holding.sending'
                }
              />
            </span>
            {holding.cause !== 'sending' && holding.cause !== 'held' && (
              <Link href="/network" className={styles.link}>
                <FormattedMessage id={holding.cause === 'no-seed' ? 'post.holding.addSeed' : 'post.holding.network'} />
              </Link>
            )}
          </>
        )}
      </p>
    </div>
  )
}

function Step({ step }: { step: HoldingStep }) {
  const words =
    'count' in step ? (
      <FormattedMessage id={`post.holding.${step.label}`} values={{ count: step.count }} />
    ) : (
      <FormattedMessage id={`post.holding.${step.label}`} />
    )
  return step.state === 'current' ? <strong aria-current="step">{words}</strong> : <span>{words}</span>
}

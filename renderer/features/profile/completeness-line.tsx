import { CircleCheck, CircleDashed } from 'lucide-react'
import { FormattedMessage, type IntlShape, useIntl } from 'react-intl'
import type { ProfileView } from '../../../core/contract/views.ts'
import { formatDay } from '../../ui/format-day.ts'
import { formatClock } from '../../ui/format-moment.ts'
import styles from './profile.module.css'

/** How much of somebody is here: up to when everything, or how much is missing and how many were asked for it. */
export function CompletenessLine({ view: { counts, compared, completeAsOf } }: { view: ProfileView }) {
  const intl = useIntl()
  const released = counts.released ?? 0
  const isComplete = counts.missing === 0 && released === 0
  const isReleased = counts.missing === 0 && released > 0
  return (
    <div className={styles.complete}>
      {isComplete ? (
        <CircleCheck size={22} strokeWidth={1.75} className={styles.whole} aria-hidden />
      ) : (
        <CircleDashed size={22} strokeWidth={1.75} className={styles.partial} aria-hidden />
      )}
      <div>
        <p className={styles.strong}>
          {isComplete ? (
            sayCompleteAsOf(intl, completeAsOf)
          ) : (
            <FormattedMessage
              id={isReleased ? 'profile.released' : compared === null ? 'profile.gaps' : 'profile.gapsAsked'}
              values={{ count: isReleased ? released : counts.missing, peers: compared?.peers ?? 0 }}
            />
          )}
        </p>
        <p>
          {isComplete ? (
            <FormattedMessage
              id={compared === null ? 'profile.completeLine' : 'profile.comparedLine'}
              values={{ count: counts.posts, peers: compared?.peers ?? 0 }}
            />
          ) : (
            <FormattedMessage id={isReleased ? 'profile.releasedLine' : 'profile.gapsLine'} />
          )}
        </p>
      </div>
    </div>
  )
}

/** A device's clock may be a little ahead of this one: nothing is complete as of later. */
function sayCompleteAsOf(intl: IntlShape, completeAsOf: number | null): string {
  if (completeAsOf === null) return intl.formatMessage({ id: 'profile.complete' })
  const now = new Date()
  const at = new Date(Math.min(completeAsOf, now.getTime()))
  const time = formatClock(intl, at.getTime())
  if (at.toDateString() === now.toDateString()) return intl.formatMessage({ id: 'profile.completeToday' }, { time })
  const year = at.getFullYear() !== now.getFullYear()
  const day = formatDay(intl, at.getTime(), { month: 'short', year })
  return intl.formatMessage({ id: 'profile.completeDay' }, { day, time })
}

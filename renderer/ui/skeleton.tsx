import { useEffect, useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { classNames } from './class-names.ts'
import styles from './skeleton.module.css'

const SHOW_AFTER_MS = 200
const SAY_AFTER_MS = 10_000

export interface PostSkeletonProps {
  count?: number
  /** Said when it takes longer than 10 s; otherwise that the node hasn't answered. */
  cause?: string
}

/** Posts to come, when there is nothing at all: after 200 ms, without shimmer, and after 10 s with a cause. */
export function PostSkeleton({ count = 3, cause }: PostSkeletonProps) {
  const isShown = useDelay(SHOW_AFTER_MS)
  const isLong = useDelay(SAY_AFTER_MS)
  if (!isShown) return <div className={styles.list} aria-busy="true" />
  return (
    <div className={styles.list} aria-busy="true">
      <p className={classNames(styles.words, isLong && styles.cause)} role="status">
        {isLong ? (cause ?? <FormattedMessage id="ui.loading.long" />) : <FormattedMessage id="ui.loading" />}
      </p>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} className={styles.post} aria-hidden="true">
          <span className={styles.face} />
          <span className={styles.lines}>
            <span className={styles.name} />
            <span className={styles.line} />
            <span className={classNames(styles.line, styles.short)} />
            {index === 0 && <span className={styles.picture} />}
          </span>
        </div>
      ))}
    </div>
  )
}

function useDelay(delayMs: number): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return isOver
}

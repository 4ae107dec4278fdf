import type { ReactNode } from 'react'
import styles from './strip.module.css'

export interface StripProps {
  /** warn: something that waits or is wrong · good: something under way */
  tone: 'warn' | 'good'
  /** 19 px. */
  icon: ReactNode
  /** A sentence or two. */
  children: ReactNode
  /** One link or button. */
  action?: ReactNode
}

/** One line across the top of the square: something to know wherever one is, and at most one thing to do about it. */
export function Strip({ tone, icon, children, action }: StripProps) {
  return (
    <div className={styles.strip} data-tone={tone}>
      {icon}
      <p className={styles.words}>{children}</p>
      {action}
    </div>
  )
}

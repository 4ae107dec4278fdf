import type { ReactNode } from 'react'
import { Rings } from './rings.tsx'
import styles from './state-panel.module.css'

export interface StatePanelProps {
  /** One icon of 44 px; or rings. */
  icon?: ReactNode
  /** Seeds that hold it, drawn large in place of an icon. */
  rings?: number
  /** A sentence. */
  title: ReactNode
  /** The cause, one or two lines. */
  line?: ReactNode
  action?: ReactNode
  /** Something to do without it, quiet. */
  second?: ReactNode
  /** Colour of the icon: amber waits or failed, green is done. */
  tone?: 'plain' | 'warn' | 'good'
}

/** Empty and failed states of lists and pages. */
export function StatePanel({ icon, rings, title, line, action, second, tone = 'plain' }: StatePanelProps) {
  return (
    <div className={styles.panel} data-tone={tone}>
      {rings !== undefined ? <Rings held={rings} size={68} /> : icon}
      <h2 className={styles.title}>{title}</h2>
      {line !== undefined && <p className={styles.line}>{line}</p>}
      {(action !== undefined || second !== undefined) && (
        <div className={styles.actions}>
          {action}
          {second}
        </div>
      )}
    </div>
  )
}

import { CircleAlert, Info } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './account.module.css'

/** Why the last try failed, where it was made. The place is kept, so that nothing jumps for a screen reader either. */
export function Failure({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className={styles.failureSlot}>
      {text !== undefined && (
        <p className={styles.failure}>
          <CircleAlert size={17} strokeWidth={1.9} aria-hidden />
          <span>{text}</span>
        </p>
      )}
    </div>
  )
}

/** Something to know before going on. `warn` for what is at risk. */
export function Note({ tone = 'plain', children }: { tone?: 'plain' | 'warn'; children: ReactNode }) {
  const Icon = tone === 'warn' ? CircleAlert : Info
  return (
    <div className={styles.note} data-tone={tone}>
      <Icon size={18} strokeWidth={1.75} aria-hidden />
      <div className={styles.noteWords}>{children}</div>
    </div>
  )
}

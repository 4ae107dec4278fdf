import type { ReactNode } from 'react'
import styles from './post.module.css'

/** Stands where a text can't: one line that says why. */
export function Notice({ icon, id, children }: { icon: ReactNode; id?: string | undefined; children: ReactNode }) {
  return (
    <p className={styles.notice} id={id}>
      {icon}
      <span>{children}</span>
    </p>
  )
}

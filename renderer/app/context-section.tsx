import type { ReactNode } from 'react'
import styles from './context-section.module.css'

/** A titled part of the context column, parted from the next by a hairline. */
export function ContextSection({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  )
}

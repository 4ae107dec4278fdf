import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './ways.module.css'

export interface Way {
  key: string
  icon: ReactNode
  title: ReactNode
  line: ReactNode
  onChoose: () => void
}

/** A few ways to go on, a row each. */
export function WayList({ label, ways }: { label: string; ways: readonly Way[] }) {
  return (
    <ul className={styles.ways} aria-label={label}>
      {ways.map(({ key, icon, title, line, onChoose }) => (
        <li key={key}>
          <button type="button" className={styles.way} onClick={onChoose}>
            {icon}
            <span className={styles.words}>
              <span className={styles.title}>{title}</span>
              <span className={styles.line}>{line}</span>
            </span>
            <ChevronRight className={styles.chevron} size={18} strokeWidth={1.9} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}

import { Check, CircleAlert, Dot, X } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './account.module.css'

const ICONS = { good: Check, warn: CircleAlert, danger: X, plain: Dot } as const

export interface Point {
  key: string
  /** good: stays · danger: ends · warn: at risk */
  tone: keyof typeof ICONS
  text: ReactNode
}

/** What an act means, a line each, with a shape besides the colour. */
export function Points({ items }: { items: readonly Point[] }) {
  return (
    <ul className={styles.points}>
      {items.map(({ key, tone, text }) => {
        const Icon = ICONS[tone]
        return (
          <li key={key} className={styles.point} data-tone={tone}>
            <Icon size={18} strokeWidth={2} aria-hidden />
            <span>{text}</span>
          </li>
        )
      })}
    </ul>
  )
}

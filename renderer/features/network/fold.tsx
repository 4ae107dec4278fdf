import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import styles from './network.module.css'

export interface FoldProps {
  title: ReactNode
  /** Beside the title: what is inside, in a word or a figure. */
  note?: ReactNode
  /** How it stands at first. */
  open?: boolean
  children: ReactNode
}

/** A section that is rarely needed: its title, and the rest when it is asked for. Nothing inside is loaded before. */
export function Fold({ title, note, open = false, children }: FoldProps) {
  const [isOpen, setOpen] = useState(open)
  return (
    <details className={styles.fold} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.foldHead}>
        <ChevronRight className={styles.foldMark} size={18} strokeWidth={1.75} aria-hidden />
        <h2 className={styles.foldTitle}>{title}</h2>
        {note !== undefined && <span className={styles.foldNote}>{note}</span>}
      </summary>
      {isOpen && <div className={styles.foldBody}>{children}</div>}
    </details>
  )
}

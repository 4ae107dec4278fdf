import { Dialog as Base } from '@base-ui/react/dialog'
import type { KeyboardEvent, ReactNode } from 'react'
import styles from './overlay.module.css'

export interface OverlayProps {
  onClose: () => void
  title: string
  children: ReactNode
  onKeyDown?: (event: KeyboardEvent) => void
}

/** The whole window in the dark, for looking at a picture. Focus goes in, is kept and returns; Esc closes. */
export function Overlay({ onClose, title, children, onKeyDown }: OverlayProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.dark} />
        <Base.Popup className={styles.popup} data-theme="dark" onKeyDown={onKeyDown}>
          <Base.Title className={styles.title}>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

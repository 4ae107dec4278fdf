import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { useIntl } from 'react-intl'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'
import { IconButton } from './icon-button.tsx'

interface Frame {
  open: boolean
  /** Called by Esc, the cross and a press outside. Not closing `open` keeps it: an unsent text may want to ask first. */
  onClose: () => void
  title: string
  /** Beside the title, in small. */
  note?: ReactNode
  children: ReactNode
  /** Where focus goes first; otherwise to the first control after the cross. */
  initialFocus?: RefObject<HTMLElement | null>
}

export interface DialogProps extends Frame {
  size?: 'composer' | 'small' | 'wide'
  /** Actions at the end, the main one last. */
  footer?: ReactNode
}

/** Modal: focus goes in, is kept and returns; full screen under 640 px. */
export function Dialog({ size = 'small', footer, initialFocus, ...frame }: DialogProps) {
  return (
    <Base.Root open={frame.open} onOpenChange={(open) => !open && frame.onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup className={classNames(styles.popup, styles[size])} initialFocus={initialFocus ?? firstControl}>
            <Head {...frame} />
            <div className={styles.body}>{frame.children}</div>
            {footer !== undefined && <div className={styles.footer}>{footer}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

export type SheetProps = Frame

/** Beside what it belongs to, without a scrim: the page stays usable. */
export function Sheet({ initialFocus, ...frame }: SheetProps) {
  return (
    <Base.Root open={frame.open} onOpenChange={(open) => !open && frame.onClose()} modal={false}>
      <Base.Portal>
        <Base.Popup className={styles.sheet} initialFocus={initialFocus ?? true}>
          <Head {...frame} />
          <div className={styles.body}>{frame.children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** The cross stands first in the page; whoever opens a dialog wants its content. */
function firstControl(): HTMLElement | true {
  const popup = [...document.querySelectorAll<HTMLElement>(`.${styles.popup}`)].at(-1)
  const body = popup?.querySelector(`.${styles.body}, .${styles.footer}`)?.parentElement
  const found = body?.querySelector<HTMLElement>(
    `:is(.${styles.body}, .${styles.footer}) :is(input:not([type=hidden]), textarea, select, button, a[href]):not(:disabled)`,
  )
  return found ?? true
}

function Head({ title, note }: Frame) {
  const intl = useIntl()
  const close = intl.formatMessage({ id: 'ui.close' })
  return (
    <div className={styles.head}>
      <Base.Title className={styles.title}>{title}</Base.Title>
      {note !== undefined && <span className={styles.note}>{note}</span>}
      <Base.Close
        className={styles.close}
        render={<IconButton label={close} icon={<X size={18} strokeWidth={1.75} />} />}
      />
    </div>
  )
}

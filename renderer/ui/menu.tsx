import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './menu.module.css'

export interface MenuItem {
  icon?: ReactNode
  label: string
  shortcut?: string
  onSelect: () => void
  /** Destructive ones go last, after a hairline. */
  danger?: boolean
  disabled?: boolean
}

export interface MenuProps {
  /** The button that opens it: an `IconButton` or a `Button`. */
  trigger: ReactElement
  items: readonly MenuItem[]
  align?: 'start' | 'end'
}

/** Arrows, Home, End, letters and Esc; focus returns to the trigger. */
export function Menu({ trigger, items, align = 'end' }: MenuProps) {
  const firstDanger = items.findIndex((item) => item.danger)
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} align={align} sideOffset={6} collisionPadding={8}>
          <Base.Popup className={styles.popup}>
            {items.map((item, index) => [
              index === firstDanger && index > 0 && <Base.Separator key="line" className={styles.line} />,
              <Base.Item
                key={item.label}
                className={classNames(styles.item, item.danger && styles.danger)}
                disabled={item.disabled === true}
                onClick={item.onSelect}
              >
                {item.icon !== undefined && <span className={styles.icon}>{item.icon}</span>}
                <span className={styles.label}>{item.label}</span>
                {item.shortcut !== undefined && <kbd className={styles.shortcut}>{item.shortcut}</kbd>}
              </Base.Item>,
            ])}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

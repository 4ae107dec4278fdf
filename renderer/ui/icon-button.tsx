import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './icon-button.module.css'

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'children'> {
  /** Its name, also the tooltip. */
  label: string
  icon: ReactNode
  /** Given for a toggle. */
  pressed?: boolean | undefined
  /** Words beside the icon, a count for instance; the name stays `label`. */
  text?: ReactNode
  /** On a picture it stands on a plate of its own. */
  plate?: boolean
}

export function IconButton({
  label,
  icon,
  pressed,
  text,
  plate,
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      title={label}
      {...rest}
      type={type}
      aria-label={label}
      aria-pressed={pressed}
      className={classNames(styles.button, pressed && styles.pressed, plate && styles.plate, className)}
    >
      {icon}
      {text !== undefined && <span className={styles.text}>{text}</span>}
    </button>
  )
}

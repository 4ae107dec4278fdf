import type { ComponentPropsWithRef, ReactNode } from 'react'
import { useId } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** Primary at most once a view. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger'
  size?: 'small' | 'normal' | 'main'
  /** Says what happens while it happens ("Posting"); the width is kept and the button does nothing meanwhile. */
  busy?: string | undefined
  icon?: ReactNode
  /** Why it can't be used now: in the tooltip and for screen readers. */
  disabledReason?: string | undefined
  /** Takes the whole width. */
  wide?: boolean
  /** Filled brick, for the confirming dialog of a destructive act only. */
  filled?: boolean
}

/**
 * A disabled button with a reason stays in the tab order, so that the reason can be heard; it is `aria-disabled` and
 * swallows its clicks.
 */
export function Button(props: ButtonProps) {
  const {
    kind = 'secondary',
    size = 'normal',
    busy,
    icon,
    disabled = false,
    disabledReason,
    wide,
    filled,
    ...rest
  } = props
  const { children, className, onClick, type = 'button', ...native } = rest
  const reasonId = useId()
  const isBusy = busy !== undefined
  const isExplained = disabled && disabledReason !== undefined
  return (
    <button
      {...native}
      type={isBusy || isExplained ? 'button' : type}
      className={classNames(
        styles.button,
        styles[kind],
        styles[size],
        wide && styles.wide,
        filled && styles.filled,
        disabled && styles.disabled,
        className,
      )}
      disabled={disabled && !isExplained}
      aria-disabled={isExplained || isBusy || undefined}
      aria-busy={isBusy || undefined}
      title={isExplained ? disabledReason : native.title}
      aria-describedby={isExplained ? reasonId : native['aria-describedby']}
      onClick={isBusy || isExplained ? (event) => event.preventDefault() : onClick}
    >
      <span className={classNames(styles.content, isBusy && styles.away)} aria-hidden={isBusy || undefined}>
        {icon}
        {children}
      </span>
      {isBusy && <span className={styles.busy}>{busy}</span>}
      {isExplained && (
        <span id={reasonId} hidden>
          {disabledReason}
        </span>
      )}
    </button>
  )
}

import type { ReactNode } from 'react'
import { useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './switch.module.css'

export interface SwitchProps {
  label: ReactNode
  help?: ReactNode
  icon?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  /** The label is said and not shown. */
  hideLabel?: boolean
}

/** A row with its words at the start and the switch at the end; the whole row is the target. */
export function Switch({ label, help, icon, checked, onChange, disabled = false, hideLabel }: SwitchProps) {
  const helpId = useId()
  return (
    <label className={classNames(styles.row, disabled && styles.disabled)}>
      {icon}
      <span className={classNames(styles.words, hideLabel && styles.hidden)}>
        <span className={styles.label}>{label}</span>
        {help !== undefined && (
          <span className={styles.help} id={helpId}>
            {help}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox says its own state
        role="switch"
        className={styles.switch}
        checked={checked}
        disabled={disabled}
        aria-describedby={help === undefined ? undefined : helpId}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  )
}

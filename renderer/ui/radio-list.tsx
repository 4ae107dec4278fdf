import type { ReactNode } from 'react'
import { useId } from 'react'
import styles from './radio-list.module.css'

export interface RadioListProps<Value extends string> {
  /** What is being chosen. */
  legend: ReactNode
  options: readonly { value: Value; label: ReactNode; help?: ReactNode }[]
  /** Undefined while nothing is chosen. */
  value: Value | undefined
  onChange: (value: Value) => void
  /** Why the choice can't be taken. */
  error?: string | undefined
}

/** One of several, a line each with what it means: arrows move the choice. */
export function RadioList<Value extends string>({ legend, options, value, onChange, error }: RadioListProps<Value>) {
  const name = useId()
  const errorId = useId()
  return (
    <fieldset className={styles.list} aria-describedby={error === undefined ? undefined : errorId}>
      <legend className={styles.legend}>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            className={styles.radio}
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles.words}>
            <span>{option.label}</span>
            {option.help !== undefined && <span className={styles.help}>{option.help}</span>}
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p id={errorId} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

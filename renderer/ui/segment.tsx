import type { ReactNode } from 'react'
import { useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './segment.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

export interface SegmentProps<Value extends string> {
  /** Name of the choice; said, not shown. */
  label: string
  options: readonly { value: Value; label: string; icon?: ReactNode; lang?: string }[]
  value: Value
  /** box: a control among others · tabs: over the list that it chooses, with a line under what is chosen */
  look?: 'box' | 'tabs'
  onChange: (value: Value) => void
}

/** One of a few, as radio buttons in a row: arrows move the choice. */
export function Segment<Value extends string>({ label, options, value, look = 'box', onChange }: SegmentProps<Value>) {
  const name = useId()
  return (
    <fieldset className={classNames(styles.segment, styles[look])}>
      <legend>
        <VisuallyHidden>{label}</VisuallyHidden>
      </legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option} lang={option.lang}>
          <input
            type="radio"
            className={styles.radio}
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}

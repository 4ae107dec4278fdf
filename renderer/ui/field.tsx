import { CircleAlert } from 'lucide-react'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { useId } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

interface FieldFrame {
  label: string
  help?: ReactNode
  /** What is wrong and how to mend it; the text typed is kept. */
  error?: string | undefined
  hideLabel?: boolean
}

export interface TextFieldProps extends FieldFrame, ComponentPropsWithRef<'input'> {
  icon?: ReactNode
  /** After the text, inside of the field: a key hint, a button. */
  after?: ReactNode
}
export interface TextAreaProps extends FieldFrame, ComponentPropsWithRef<'textarea'> {
  /** Without edge and padding, for the composer. */
  bare?: boolean
}

function describe(id: string, help: ReactNode, error: string | undefined, given: string | undefined) {
  const ids = [given, help !== undefined && `${id}-help`, error !== undefined && `${id}-error`]
  return classNames(...ids) || undefined
}

function Frame({ id, label, hideLabel, help, error, children }: FieldFrame & { id: string; children: ReactNode }) {
  const words = (
    <label htmlFor={id} className={styles.label}>
      {label}
    </label>
  )
  return (
    <div className={styles.field}>
      {hideLabel ? <VisuallyHidden>{words}</VisuallyHidden> : words}
      {children}
      {help !== undefined && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          <CircleAlert size={16} strokeWidth={2} aria-hidden />
          {error}
        </p>
      )}
    </div>
  )
}

export function TextField({
  label,
  help,
  error,
  hideLabel = false,
  icon,
  after,
  id,
  className,
  ...rest
}: TextFieldProps) {
  const ownId = useId()
  const fieldId = id ?? ownId
  return (
    <Frame id={fieldId} label={label} hideLabel={hideLabel} help={help} error={error}>
      <span className={classNames(styles.box, error !== undefined && styles.wrong)}>
        {icon}
        <input
          {...rest}
          id={fieldId}
          className={classNames(styles.input, className)}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describe(fieldId, help, error, rest['aria-describedby'])}
        />
        {after}
      </span>
    </Frame>
  )
}

export function TextArea({ label, help, error, hideLabel = false, bare, id, className, ...rest }: TextAreaProps) {
  const ownId = useId()
  const fieldId = id ?? ownId
  return (
    <Frame id={fieldId} label={label} hideLabel={hideLabel} help={help} error={error}>
      <textarea
        {...rest}
        id={fieldId}
        className={classNames(bare ? styles.bare : styles.area, error !== undefined && styles.wrong, className)}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={describe(fieldId, help, error, rest['aria-describedby'])}
      />
    </Frame>
  )
}

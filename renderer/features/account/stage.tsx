import { type ReactNode, useEffect, useRef } from 'react'
import styles from './account.module.css'

export interface StageProps {
  icon?: ReactNode
  title: ReactNode
  lead?: ReactNode
  children?: ReactNode
  /** At the end, the main one last. */
  actions?: ReactNode
  /** Put the focus on the title, where this stage followed another one. */
  hasFocus?: boolean
  tone?: 'plain' | 'warn' | 'good'
  onSubmit?: () => void
}

/** One stage of a way that leads through several, in the square: what it is, what is asked, what can be done. */
export function Stage({ icon, title, lead, children, actions, hasFocus, tone = 'plain', onSubmit }: StageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (hasFocus) heading.current?.focus()
  }, [hasFocus])
  const content = (
    <>
      {icon}
      <h2 className={styles.title} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {lead !== undefined && <p className={styles.text}>{lead}</p>}
      {children}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </>
  )
  if (onSubmit === undefined) {
    return (
      <div className={styles.stage} data-tone={tone}>
        {content}
      </div>
    )
  }
  return (
    <form
      className={styles.stage}
      data-tone={tone}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {content}
    </form>
  )
}

import { type ReactNode, useEffect, useRef } from 'react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import styles from './onboarding.module.css'

export interface StepFrameProps {
  title: ReactNode
  lead?: ReactNode
  children?: ReactNode
  /** At the end; the way back first, the main one last. */
  actions?: ReactNode
  /** Whether the title takes the focus; not on the first screen, where nothing came before. */
  hasFocus?: boolean
  onSubmit?: () => void
}

/** One step of the first run. Each begins with the focus on its title, so that nobody has to look for the place. */
export function StepFrame({ title, lead, children, actions, hasFocus = true, onSubmit }: StepFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (hasFocus) heading.current?.focus()
  }, [hasFocus])
  const content = (
    <>
      <h1 className={styles.title} ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {children}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </>
  )
  if (onSubmit === undefined) return <div className={styles.form}>{content}</div>
  return (
    <form
      className={styles.form}
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

/** The way back, at the start of the actions. */
export function BackButton({ onClick }: { onClick: () => void }) {
  return (
    <Button kind="quiet" size="main" className={styles.back} onClick={onClick}>
      <FormattedMessage id="account.back" />
    </Button>
  )
}

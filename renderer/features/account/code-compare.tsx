import { useEffect, useRef } from 'react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import styles from './account.module.css'
import { Failure } from './notes.tsx'

export interface CodeCompareProps {
  /** `123 456` */
  code: string
  /** What the other side is called. */
  other: string
  /** It is the one heading of its page. */
  isAlone?: boolean
  onAnswer: (matches: boolean) => void
  isBusy: boolean
  failure: string | undefined
}

/** Six digits that two screens must share, and the question whether they do. Yes stands last, no is as near. */
export function CodeCompare({ code, other, isAlone = false, onAnswer, isBusy, failure }: CodeCompareProps) {
  const Heading = isAlone ? 'h1' : 'h2'
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <div className={styles.stack}>
      <Heading className={isAlone ? styles.display : styles.title} ref={title} tabIndex={-1}>
        <FormattedMessage id="account.compare.title" />
      </Heading>
      <p className={styles.text}>
        <FormattedMessage id="account.compare.line" values={{ other: <bdi className={styles.strong}>{other}</bdi> }} />
      </p>
      <Digits code={code} />
      <p className={styles.text}>
        <FormattedMessage id="account.compare.why" />
      </p>
      <Failure text={failure} />
      <div className={styles.actions}>
        <Button size="main" disabled={isBusy} onClick={() => onAnswer(false)}>
          <FormattedMessage id="account.compare.no" />
        </Button>
        <Button kind="primary" size="main" disabled={isBusy} onClick={() => onAnswer(true)}>
          <FormattedMessage id="account.compare.yes" />
        </Button>
      </div>
    </div>
  )
}

/** A code that is read aloud digit by digit. */
export function Digits({ code }: { code: string }) {
  return (
    <p className={styles.digits} dir="ltr" translate="no">
      <span aria-hidden="true">{code}</span>
      <span className={styles.spoken}>{code.replace(/\s/gu, '').split('').join(' ')}</span>
    </p>
  )
}

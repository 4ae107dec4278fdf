import { EyeOff } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { useWarning } from './use-warning.ts'
import styles from './warned.module.css'

export interface WarnedProps {
  /** Record whose words these are. */
  id: string
  /** The author's words, as text; left out for a record that warns of nothing: then nothing is folded. */
  warning: string | undefined
  hasText: boolean
  pictures: number
  /** Of the line, for what describes the post while it is closed. */
  lineId?: string | undefined
  children: ReactNode
}

/** Text and pictures behind a content warning: nothing of them is drawn until they are asked for. */
export function Warned({ warning, children, ...line }: WarnedProps) {
  if (warning === undefined) return <>{children}</>
  return (
    <WarningLine {...line} warning={warning}>
      {children}
    </WarningLine>
  )
}

function WarningLine({ id, warning, hasText, pictures, lineId, children }: WarnedProps & { warning: string }) {
  const { isOpen, toggle } = useWarning(id)
  const wordsId = useId()
  return (
    <>
      <div className={styles.line} data-warned={isOpen ? 'open' : 'closed'}>
        <EyeOff size={18} strokeWidth={1.75} aria-hidden />
        <p className={styles.words} id={isOpen ? undefined : lineId}>
          <bdi className={styles.warning} id={wordsId}>
            {warning}
          </bdi>
          <span className={styles.inside}>
            <FormattedMessage id="post.warned" values={{ text: hasText ? 'yes' : 'no', n: pictures }} />
          </span>
        </p>
        <Button size="small" kind="quiet" aria-expanded={isOpen} aria-describedby={wordsId} onClick={toggle}>
          <FormattedMessage id={isOpen ? 'post.warned.hide' : 'post.warned.show'} />
        </Button>
      </div>
      {isOpen && children}
    </>
  )
}

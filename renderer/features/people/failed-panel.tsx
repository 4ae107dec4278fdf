import { CircleAlert, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { useCause } from './use-cause.ts'

export interface FailedPanelProps {
  /** A sentence. */
  title: ReactNode
  /** What the reading ended with. */
  error: unknown
  /** In the place of the cause. */
  line?: ReactNode
  onRetry: () => void
  /** Something to do without it, quiet. */
  second?: ReactNode
}

/** In the place of a list or a page that could not be read: why, and another try. */
export function FailedPanel({ title, error, line, onRetry, second }: FailedPanelProps) {
  const cause = useCause()
  return (
    <StatePanel
      tone="warn"
      icon={<CircleAlert size={44} strokeWidth={1.5} aria-hidden />}
      title={title}
      line={line ?? cause(error)}
      action={
        <Button icon={<RefreshCw size={16} strokeWidth={1.75} aria-hidden />} onClick={onRetry}>
          <FormattedMessage id="ui.retry" />
        </Button>
      }
      second={second}
    />
  )
}

import { CircleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { FormattedMessage } from 'react-intl'
import { Button } from '../ui/button.tsx'
import { StatePanel } from '../ui/state-panel.tsx'
import styles from './gate.module.css'

interface Fault {
  error: Error | null
}

/** A fault of the program's own: says so, keeps the report readable, offers to load again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, Fault> {
  override state: Fault = { error: null }

  static getDerivedStateFromError(error: unknown): Fault {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <main className={styles.gate}>
        <StatePanel
          tone="warn"
          icon={<CircleAlert strokeWidth={1.5} aria-hidden />}
          title={<FormattedMessage id="gate.broken.title" />}
          line={<FormattedMessage id="gate.broken.line" />}
          action={
            <Button kind="primary" onClick={() => location.reload()}>
              <FormattedMessage id="gate.broken.reload" />
            </Button>
          }
        />
        <details className={styles.report}>
          <summary>
            <FormattedMessage id="gate.broken.details" />
          </summary>
          <pre dir="ltr">{error.stack ?? error.message}</pre>
        </details>
      </main>
    )
  }
}

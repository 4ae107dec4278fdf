import { useQuery } from '@tanstack/react-query'
import { CircleAlert, RefreshCw } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { Account } from '../../core/contract/views.ts'
import { Onboarding } from '../features/onboarding/onboarding.tsx'
import { errorCodeOf } from '../rpc/client.ts'
import { type DesktopLock, useDesktopLock } from '../rpc/desktop-lock.ts'
import { useRpc } from '../rpc/provider.tsx'
import { Button } from '../ui/button.tsx'
import { Logo } from '../ui/logo.tsx'
import { StatePanel } from '../ui/state-panel.tsx'
import styles from './gate.module.css'
import { UnlockForm } from './unlock.tsx'

/** Nothing is said before this: most pages stand sooner. */
const QUIET_MS = 400

/**
 * Decides what stands on the screen before there is an account: the program's state, the passphrase that it waits for,
 * the first run, or the square.
 */
export function Gate({ children }: { children: (account: Account) => ReactNode }) {
  const { orpc, connection, retry } = useRpc()
  const { data: account, error, refetch } = useQuery(orpc.account.get.queryOptions())
  /** The first run goes on after the account is made, until its last step. */
  const [isArriving, setArriving] = useState(false)
  const isNew = account === undefined && error !== null && errorCodeOf(error) === 'no-account'
  useEffect(() => {
    if (isNew) setArriving(true)
  }, [isNew])

  const lock = useDesktopLock()

  // The node of the desktop app was started again, and asks anew: what was on the screen comes back when it answers.
  if (lock !== null) return <Locked lock={lock} />
  if (isArriving || isNew) return <Onboarding account={account} onDone={() => setArriving(false)} />
  if (account !== undefined) return children(account)
  if (connection === 'expired') return <Expired onRetry={retry} />
  if (connection !== 'open') return <Waiting hasBeenOpen={connection === 'lost'} onRetry={retry} />
  if (error !== null) return <Failed code={errorCodeOf(error)} onRetry={() => void refetch()} />
  return <Waiting hasBeenOpen={false} onRetry={retry} />
}

function Waiting({ hasBeenOpen, onRetry }: { hasBeenOpen: boolean; onRetry: () => void }) {
  const isSlow = useIsLater(6_000)
  const isQuiet = !useIsLater(QUIET_MS)
  if (isQuiet) return <main className={styles.gate} aria-busy="true" />
  const isLost = hasBeenOpen || isSlow
  const isDesktop = window.palabreDesktop !== undefined
  return (
    <Frame>
      <StatePanel
        rings={0}
        title={<FormattedMessage id={isLost ? 'gate.lost.title' : 'gate.connecting.title'} />}
        line={
          <FormattedMessage
            id={isLost ? (isDesktop ? 'gate.lost.desktop' : 'gate.lost.line') : 'gate.connecting.line'}
          />
        }
        action={isLost && <RetryButton onRetry={onRetry} />}
      />
    </Frame>
  )
}

function Locked({ lock }: { lock: DesktopLock }) {
  return (
    <main className={styles.gate}>
      <div className={styles.logo}>
        <Logo />
      </div>
      <UnlockForm lock={lock} />
    </main>
  )
}

function Expired({ onRetry }: { onRetry: () => void }) {
  return (
    <Frame>
      <StatePanel
        tone="warn"
        icon={<CircleAlert strokeWidth={1.5} aria-hidden />}
        title={<FormattedMessage id="gate.expired.title" />}
        line={<FormattedMessage id="gate.expired.line" />}
        action={<RetryButton onRetry={onRetry} />}
      />
    </Frame>
  )
}

function Failed({ code, onRetry }: { code: string; onRetry: () => void }) {
  return (
    <Frame>
      <StatePanel
        tone="warn"
        icon={<CircleAlert strokeWidth={1.5} aria-hidden />}
        title={<FormattedMessage id="gate.failed.title" />}
        line={<FormattedMessage id="gate.failed.line" values={{ code }} />}
        action={<RetryButton onRetry={onRetry} />}
      />
    </Frame>
  )
}

function RetryButton({ onRetry }: { onRetry: () => void }) {
  return (
    <Button icon={<RefreshCw size={16} strokeWidth={1.75} aria-hidden />} onClick={onRetry}>
      <FormattedMessage id="ui.retry" />
    </Button>
  )
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <main className={styles.gate}>
      <h1 className={styles.logo}>
        <Logo />
      </h1>
      <div role="status">{children}</div>
    </main>
  )
}

function useIsLater(delayMs: number): boolean {
  const [isLater, setIsLater] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLater(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return isLater
}

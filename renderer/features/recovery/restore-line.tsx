import { History } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import { Link, useLocation } from 'wouter'
import { routes } from '../../app/routes.ts'
import { Strip } from '../../ui/strip.tsx'
import { isRestoring, useRecovery } from './use-recovery.ts'

/** On home while an account comes back: how far it is. The square can be used meanwhile. */
export function RestoreLine() {
  const [location] = useLocation()
  const status = useRecovery()
  if (location !== routes.home || !isRestoring(status)) return null
  const { held, known } = status.records
  return (
    <Strip
      tone="good"
      icon={<History size={19} strokeWidth={1.75} aria-hidden />}
      action={
        <Link href={routes.recovery}>
          <FormattedMessage id="restore.line.action" />
        </Link>
      }
    >
      <FormattedMessage id="restore.line" values={{ held, known }} />
    </Strip>
  )
}

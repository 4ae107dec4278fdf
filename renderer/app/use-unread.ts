import { useQuery } from '@tanstack/react-query'
import type { QuietHours } from '../../core/contract/settings.ts'
import { useRpc } from '../rpc/provider.tsx'
import { useQuiet } from './quiet-hours.ts'

/** More are said as "99+". */
const MAX_SAID = 99

export interface UnreadSign {
  count: number
  /** '3', '99+'; '' for none. */
  text: string
  /** The hours that last at present, in which nothing rings; null otherwise. */
  quiet: QuietHours | null
}

/** What rings the bell and nobody has looked at; none in quiet hours. */
export function useUnread(): UnreadSign {
  const { orpc } = useRpc()
  const quiet = useQuiet()
  const ringing = useQuery(orpc.notifications.unread.queryOptions()).data?.ringing ?? 0
  const count = quiet ? 0 : ringing
  return { count, text: count === 0 ? '' : count > MAX_SAID ? `${MAX_SAID}+` : String(count), quiet }
}

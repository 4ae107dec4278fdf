import { useQuery } from '@tanstack/react-query'
import { useRpc } from '../rpc/provider.tsx'

/** More are said as "99+". */
const MAX_SAID = 99

export interface UnreadSign {
  count: number
  /** '3', '99+'; '' for none. */
  text: string
}

/** What people whom this account follows have said to it and nobody has looked at. Strangers ring no bell. */
export function useUnread(): UnreadSign {
  const { orpc } = useRpc()
  const count = useQuery(orpc.notifications.unread.queryOptions()).data?.known ?? 0
  return { count, text: count === 0 ? '' : count > MAX_SAID ? `${MAX_SAID}+` : String(count) }
}

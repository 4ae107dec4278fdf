import { useQuery } from '@tanstack/react-query'
import type { NetworkStatus } from '../../core/contract/views.ts'
import { useRpc } from '../rpc/provider.tsx'

/** What the node says of its network; undefined before the first answer. Kept fresh by its hints and every minute. */
export function useNetwork(): NetworkStatus | undefined {
  const { orpc } = useRpc()
  return useQuery(orpc.network.status.queryOptions({ refetchInterval: 60_000 })).data
}

import { useQuery } from '@tanstack/react-query'
import type { NetworkStatus } from '../../core/contract/views.ts'
import { useRpc } from '../rpc/provider.tsx'

const REFETCH_MS = 60_000
/** That nothing comes any more is said by no hint. */
const REFETCH_CATCHING_UP_MS = 5_000

/** What the node says of its network; undefined before the first answer. Kept fresh by its hints and every minute. */
export function useNetwork(): NetworkStatus | undefined {
  const { orpc } = useRpc()
  return useQuery(
    orpc.network.status.queryOptions({
      refetchInterval: ({ state }) => ((state.data?.catchUp ?? null) === null ? REFETCH_MS : REFETCH_CATCHING_UP_MS),
    }),
  ).data
}

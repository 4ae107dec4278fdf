import { useQuery } from '@tanstack/react-query'
import type { Account } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'

/** The account of this computer; undefined while it isn't known or there is none. */
export function useMe(): Account | undefined {
  const { orpc } = useRpc()
  return useQuery(orpc.account.get.queryOptions()).data
}

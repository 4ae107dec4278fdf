import { useQuery } from '@tanstack/react-query'
import type { ProfileView } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'

/** The own profile, with its picture; undefined while it isn't known or there is no account. */
export function useOwnProfile(): ProfileView | undefined {
  const { orpc } = useRpc()
  return useQuery(orpc.profiles.get.queryOptions({ input: {} })).data
}

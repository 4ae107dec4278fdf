import { useQueryClient } from '@tanstack/react-query'
import { useNodeEvent } from '../../rpc/events.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { patchPerson } from './patch-posts.ts'

/** Keeps names and pictures beside posts true when a profile changes or arrives at last. */
export function usePersonUpdates(): void {
  const { client } = useRpc()
  const queryClient = useQueryClient()
  const refresh = async (profile: string) => {
    const { name, avatar } = await client.profiles.get({ profile })
    for (const query of queryClient.getQueryCache().getAll()) {
      const patched = patchPerson(query.state.data, { profile, name, avatar })
      if (patched !== query.state.data) queryClient.setQueryData(query.queryKey, patched)
    }
  }
  useNodeEvent((event) => {
    // The old name stays where the new one can't be had: the next hint asks again.
    if (event.type === 'profile') refresh(event.profile).catch(() => undefined)
  })
}

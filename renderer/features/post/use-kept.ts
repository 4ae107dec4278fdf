import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRpc } from '../../rpc/provider.tsx'

interface KeptIds {
  ids: string[]
}

/** The ids of an answer as a set: every post on the page asks whether it is among them. */
const sets = new WeakMap<KeptIds, ReadonlySet<string>>()

function setOf(kept: KeptIds): ReadonlySet<string> {
  const known = sets.get(kept) ?? new Set(kept.ids)
  sets.set(kept, known)
  return known
}

export interface Kept {
  isKept: boolean
  /** Shows it so in this window at once. */
  setKept: (id: string, isKept: boolean) => void
}

/** Whether a post is among the bookmarks. */
export function useKept(id: string): Kept {
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const options = orpc.bookmarks.ids.queryOptions({ staleTime: Number.POSITIVE_INFINITY })
  const isKept = useQuery({ ...options, select: (kept) => setOf(kept).has(id) }).data ?? false
  return {
    isKept,
    setKept: (changed, isOn) =>
      queryClient.setQueryData(options.queryKey, (kept) => {
        const others = (kept?.ids ?? []).filter((other) => other !== changed)
        return { ids: isOn ? [changed, ...others] : others }
      }),
  }
}

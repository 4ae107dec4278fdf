import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Drill, DrillCut } from '../../../core/contract/drill.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'

const WATCH_MS = 1_000

export interface DrillAccess {
  /** The one that runs, or the last one; null for none, undefined before the first answer. */
  readonly drill: Drill | null | undefined
  readonly begin: (cut: DrillCut, onBegun: () => void) => void
  readonly isBeginning: boolean
  /** Code of why the last one didn't begin. */
  readonly failure: string | undefined
  readonly end: () => void
  readonly isEnding: boolean
}

/** Looked at each second while one is under way: its counts are in no hint. */
export function useDrill(): DrillAccess {
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const { data } = useQuery(
    orpc.drill.status.queryOptions({
      refetchInterval: ({ state }) => (isUnderWay(state.data?.drill) ? WATCH_MS : false),
    }),
  )
  const onSuccess = (answer: { drill: Drill | null }) => {
    queryClient.setQueryData(orpc.drill.status.queryKey(), answer)
    void queryClient.invalidateQueries({ queryKey: orpc.network.key() })
  }
  const start = useMutation(orpc.drill.start.mutationOptions({ onSuccess }))
  const stop = useMutation(orpc.drill.stop.mutationOptions({ onSuccess }))
  return {
    drill: data?.drill,
    begin: (cut, onBegun) => start.mutate({ cut }, { onSuccess: onBegun }),
    isBeginning: start.isPending,
    failure: start.error === null ? undefined : errorCodeOf(start.error),
    end: () => stop.mutate(undefined),
    isEnding: stop.isPending,
  }
}

function isUnderWay(drill: Drill | null | undefined): boolean {
  return drill !== null && drill !== undefined && drill.state !== 'ended'
}

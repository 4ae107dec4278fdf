import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useRpc } from '../../rpc/provider.tsx'
import { useCause } from '../people/use-cause.ts'

/** Does something to a list, and has everything that shows lists read again. */
export function useListAct() {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const cause = useCause()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const act = async (work: (lists: typeof client.lists) => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    setFailure(undefined)
    try {
      await work(client.lists)
      await Promise.all(
        [orpc.lists.key(), orpc.timeline.list.key()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      )
      return true
    } catch (error) {
      setFailure(cause(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { act, isBusy, failure }
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Settings } from '../../core/contract/settings.ts'
import { useRpc } from '../rpc/provider.tsx'
import { readRememberedSettings, rememberSettings } from './remembered-settings.ts'

export interface SettingsAccess {
  settings: Settings
  /** Shows at once; goes back where the node didn't take it. */
  update: (change: Partial<Settings>) => void
  /** The last change was not taken. */
  hasFailed: boolean
}

export function useSettings(): SettingsAccess {
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const queryKey = orpc.settings.get.queryKey()
  const { data } = useQuery(orpc.settings.get.queryOptions({ staleTime: Number.POSITIVE_INFINITY }))
  const settings = data ?? readRememberedSettings()
  const mutation = useMutation(
    orpc.settings.update.mutationOptions({
      onMutate: (change) => {
        const before = queryClient.getQueryData<Settings>(queryKey)
        queryClient.setQueryData<Settings>(queryKey, { ...(before ?? settings), ...(change as Partial<Settings>) })
        return { before }
      },
      onError: (_error, _change, context) => queryClient.setQueryData(queryKey, context?.before),
      onSuccess: (saved) => queryClient.setQueryData(queryKey, saved),
    }),
  )
  useEffect(() => {
    if (data !== undefined) rememberSettings(data)
  }, [data])
  return { settings, update: (change) => mutation.mutate(change), hasFailed: mutation.isError }
}

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FollowState } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useCause } from './use-cause.ts'

export interface FollowSwitch {
  state: FollowState
  isBusy: boolean
  /** Why the last change didn't happen. */
  failure: string | undefined
  /** `say` hears why it could not be, in the place of `failure`. */
  change: (follow: boolean, say?: (cause: string) => void) => Promise<boolean>
}

/** Follows and unfollows; shows the wish at once and takes it back, with the cause, when the node refuses. */
export function useFollow(profile: string, known: FollowState): FollowSwitch {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const cause = useCause()
  const [wish, setWish] = useState<FollowState>()
  const [failure, setFailure] = useState<string>()
  return {
    state: wish ?? known,
    isBusy: wish !== undefined,
    failure,
    change: async (follow, say = setFailure) => {
      setWish(follow ? 'following' : 'none')
      setFailure(undefined)
      try {
        if (follow) await client.follows.add({ profile })
        else await client.follows.remove({ profile })
        await Promise.all([
          queryClient.invalidateQueries({ queryKey: orpc.profiles.key() }),
          queryClient.invalidateQueries({ queryKey: orpc.follows.key() }),
        ])
        void queryClient.invalidateQueries({ queryKey: orpc.timeline.home.key() })
        return true
      } catch (error) {
        say(cause(error))
        return false
      } finally {
        setWish(undefined)
      }
    },
  }
}

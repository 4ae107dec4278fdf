import { useQueryClient } from '@tanstack/react-query'
import { useIntl } from 'react-intl'
import type { MuteWordInput } from '../../../core/contract/moderation.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useTask } from '../account/use-task.ts'
import { useCause } from '../people/use-cause.ts'

export const DAY_MS = 86_400_000
export const MONTH_MS = 30 * DAY_MS

/** Mutes words and takes them back; answers whether it was done. A toast says so, with a way back from a removal. */
export function useWords() {
  const intl = useIntl()
  const toast = useToast()
  const cause = useCause()
  const cache = useQueryClient()
  const { client, orpc } = useRpc()
  const { run, isBusy, failure } = useTask()
  const notChanged = (reason: string) => intl.formatMessage({ id: 'mutedWords.failed' }, { cause: reason })
  const send = async ({ word, group, level, until, exceptFollowed }: MuteWordInput) => {
    await client.moderation.muteWord({ word, group, level, until, exceptFollowed })
    await cache.invalidateQueries({ queryKey: orpc.moderation.words.key() })
    return true
  }
  const undo = (word: MuteWordInput) =>
    send(word).catch((error: unknown) => toast({ text: notChanged(cause(error)), isFailure: true }))
  return {
    isBusy,
    failure: failure === undefined ? undefined : notChanged(failure),
    mute: async (word: MuteWordInput): Promise<boolean> => {
      if ((await run(() => send(word))) === undefined) return false
      toast({ text: intl.formatMessage({ id: 'mutedWords.done.add' }, { word: word.word }) })
      return true
    },
    remove: async (word: MuteWordInput & { id: string }): Promise<boolean> => {
      const isDone = await run(() => client.moderation.unmuteWord({ id: word.id }))
      if (isDone === undefined) return false
      await cache.invalidateQueries({ queryKey: orpc.moderation.words.key() })
      toast({
        text: intl.formatMessage({ id: 'mutedWords.done.remove' }, { word: word.word }),
        action: { label: intl.formatMessage({ id: 'ui.undo' }), onSelect: () => void undo(word) },
      })
      return true
    },
  }
}

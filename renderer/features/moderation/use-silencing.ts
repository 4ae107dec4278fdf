import { useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useTask } from '../account/use-task.ts'
import { useCalled } from '../people/use-called.ts'
import { useCause } from '../people/use-cause.ts'

export type SilencingAct = 'mute' | 'unmute' | 'block' | 'unblock'

const OPPOSITE = { mute: 'unmute', unmute: 'mute', block: 'unblock', unblock: 'block' } as const

export interface Silencing {
  isBusy: boolean
  /** Why the last change didn't happen. */
  failure: string | undefined
  /** Answers whether it was done; then a toast says so, with a way back that says in a toast why it led nowhere. */
  act: (act: SilencingAct) => Promise<boolean>
}

/** Mutes or blocks a person, or takes it back. Every list is read anew by the node's hint. */
export function useSilencing(person: { profile: string; name: string }): Silencing {
  const intl = useIntl()
  const called = useCalled()
  const toast = useToast()
  const cause = useCause()
  const { client } = useRpc()
  const { run, isBusy, failure } = useTask()
  const { profile } = person

  const send = (act: SilencingAct) => client.moderation[act]({ profile })
  const notChanged = (reason: string) => intl.formatMessage({ id: 'moderation.failed' }, { cause: reason })
  /** What was asked from is often gone by then, and a sentence beside it would be too. */
  const undo = (act: SilencingAct) =>
    send(OPPOSITE[act]).catch((error: unknown) => toast({ text: notChanged(cause(error)), isFailure: true }))

  return {
    isBusy,
    failure: failure === undefined ? undefined : notChanged(failure),
    act: async (act) => {
      if ((await run(() => send(act))) === undefined) return false
      toast({
        text: intl.formatMessage({ id: `moderation.done.${act}` }, { name: called(person) }),
        action: {
          label: intl.formatMessage({ id: 'ui.undo' }),
          onSelect: () => void undo(act),
        },
      })
      return true
    },
  }
}

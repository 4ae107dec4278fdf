import { useState } from 'react'
import { useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { useToast } from '../../ui/toast.tsx'
import { calledName } from '../people/person-link.tsx'
import { useCause } from '../people/use-cause.ts'

export type SilencingAct = 'mute' | 'unmute' | 'block' | 'unblock'

const OPPOSITE = { mute: 'unmute', unmute: 'mute', block: 'unblock', unblock: 'block' } as const

export interface Silencing {
  isBusy: boolean
  /** Why the last change didn't happen. */
  failure: string | undefined
  /** Answers whether it was done; then a toast says so, with a way back. */
  act: (act: SilencingAct) => Promise<boolean>
}

/** Mutes or blocks a person, or takes it back. Every list is read anew by the node's hint. */
export function useSilencing(person: { profile: string; name: string }): Silencing {
  const intl = useIntl()
  const toast = useToast()
  const cause = useCause()
  const { client } = useRpc()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const { profile } = person

  const send = async (act: SilencingAct): Promise<boolean> => {
    setBusy(true)
    setFailure(undefined)
    try {
      await client.moderation[act]({ profile })
      return true
    } catch (error) {
      setFailure(intl.formatMessage({ id: 'moderation.failed' }, { cause: cause(error) }))
      return false
    } finally {
      setBusy(false)
    }
  }

  return {
    isBusy,
    failure,
    act: async (act) => {
      if (!(await send(act))) return false
      toast({
        text: intl.formatMessage({ id: `moderation.done.${act}` }, { name: calledName(person) }),
        action: {
          label: intl.formatMessage({ id: 'moderation.undo' }),
          onSelect: () => void send(OPPOSITE[act]),
        },
      })
      return true
    },
  }
}

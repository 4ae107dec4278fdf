import { useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useIntl } from 'react-intl'
import type { PostView } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useCause } from '../people/use-cause.ts'
import { withDeletion } from './patch-posts.ts'
import {
  beginDeletion,
  type PendingDeletion,
  undoDeletion,
  undoWindow,
  usePendingDeletion,
} from './pending-deletions.ts'
import { changePost } from './use-post-actions.ts'

const ICON = <Trash2 size={18} strokeWidth={1.75} aria-hidden />

export interface Deletion {
  /** Undefined for a post that nobody is deleting here. */
  state: PendingDeletion | undefined
  /** Signs the deletion once it can't be taken back any more. */
  begin: () => void
}

/** Deleting an own post, with the time to take it back. */
export function useDeletion({ id }: Pick<PostView, 'id'>): Deletion {
  const intl = useIntl()
  const toast = useToast()
  const cause = useCause()
  const { client } = useRpc()
  const queryClient = useQueryClient()
  const state = usePendingDeletion(id)
  const text = (message: string, values?: Record<string, number>) => intl.formatMessage({ id: message }, values)

  const begin = () => {
    const close = toast({
      text: text('post.deletingToast', { seconds: undoWindow.ms / 1_000 }),
      icon: ICON,
      staysUntilClosed: true,
      action: { label: text('ui.undo'), onSelect: () => void undoDeletion(id) },
    })
    beginDeletion(id, {
      describe: cause,
      send: async () => {
        await client.posts.delete({ id })
        changePost(queryClient, id, (current) => withDeletion(current, Date.now()))
      },
      onEnd: (outcome) => {
        close()
        if (outcome === 'sent') toast({ text: text('post.deletedToast'), icon: ICON })
        if (outcome === 'undone') toast({ text: text('post.undeletedToast') })
        // The post may stand on another page by now.
        if (outcome === 'failed') {
          toast({
            text: text('post.notDeletedToast'),
            isFailure: true,
            action: { label: text('ui.retry'), onSelect: begin },
          })
        }
      },
    })
  }
  return { state, begin }
}

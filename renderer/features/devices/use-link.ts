import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { LinkStatus } from '../../../core/contract/accounts.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { type Task, useTask } from '../account/use-task.ts'

export interface Linking {
  /** Undefined before the first answer, and where there is none. */
  status: LinkStatus | undefined
  /** The first answer is still to come. */
  isPending: boolean
  task: Task
  offer: () => Promise<void>
  join: (link: string, name: string) => Promise<void>
  confirm: (matches: boolean) => Promise<void>
  cancel: () => Promise<void>
}

/** Linking as the node sees it, from either side; its hints keep it fresh. */
export function useLinking(): Linking {
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const { data: status, isPending } = useQuery(orpc.link.status.queryOptions())
  const take = async (work: () => Promise<LinkStatus>) => {
    const next = await task.run(work)
    if (next !== undefined) queryClient.setQueryData(orpc.link.status.queryKey(), next)
  }
  return {
    status,
    isPending,
    task,
    offer: () => take(() => client.link.offer()),
    join: (link, name) => take(() => client.link.join({ link, ...(name === '' ? {} : { name }) })),
    confirm: (matches) => take(() => client.link.confirm({ matches })),
    cancel: () => take(() => client.link.cancel()),
  }
}

const KNOWN_FAILURES = [
  'expired',
  'declined',
  'cancelled',
  'unreachable',
  'bad-link',
  'other-network',
  'account-exists',
  'refused',
  'unanswered',
]

/** Id of the sentence that says why linking ended. */
export function linkFailureId(failure: string | null): string {
  return `linking.failed.${failure !== null && KNOWN_FAILURES.includes(failure) ? failure : 'broken'}`
}

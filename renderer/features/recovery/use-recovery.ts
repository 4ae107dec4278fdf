import { useQuery } from '@tanstack/react-query'
import type { RecoveryStatus } from '../../../core/contract/accounts.ts'
import { useRpc } from '../../rpc/provider.tsx'

/** An account that is coming back, or came back since the program started; kept fresh by the node's hints. */
export function useRecovery(): RecoveryStatus | undefined {
  const { orpc } = useRpc()
  return useQuery(orpc.recovery.status.queryOptions()).data
}

/** Records are on their way to this computer. */
export function isRestoring(status: RecoveryStatus | undefined): status is RecoveryStatus {
  return status?.step === 'restoring'
}

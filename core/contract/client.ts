import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from './contract.ts'

/** The API as its callers see it, whatever carries it. */
export type NodeClient = ContractRouterClient<Contract>

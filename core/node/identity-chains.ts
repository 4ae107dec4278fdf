import { type IdentityState, resolveChain } from '../identity/chain.ts'
import { checkOperation, encodeOperation, type IdentityOperation } from '../identity/operation.ts'
import type { IngestDoor } from '../ingest/door.ts'
import type { LogReader } from '../store/log-reader.ts'
import { PalabreError } from '../util/errors.ts'

/** What is stored was verified when it came in. */
const STORED = { verify: () => null }

export interface IdentityChainsComponents {
  readonly chains: Pick<LogReader, 'listOperations'>
  readonly door: IngestDoor
  /** Sends a chain that has grown on its way; before there is a network, sync takes it later. */
  readonly outlet: { announceChain(address: Uint8Array): void }
}

/** The identity chains of this store as the node's services see them: read, resolve, add to. */
export class IdentityChains {
  readonly #components: IdentityChainsComponents

  constructor(components: IdentityChainsComponents) {
    this.#components = components
  }

  /** Everything held of this address's chain, applied or not. */
  async operations(address: Uint8Array): Promise<IdentityOperation[]> {
    const [chain] = await this.#components.chains.listOperations([address])
    return (chain?.operations ?? []).flatMap((bytes) => checkOperation(bytes, STORED).operation ?? [])
  }

  /** What the chain says now; null while none is held. */
  async state(address: Uint8Array): Promise<IdentityState | null> {
    return resolveChain(await this.operations(address))
  }

  /**
   * Takes operations of one address in through the door and sends the chain on its way.
   *
   * @throws PalabreError refused-operation when one is not kept, with the verdict; DiskFullError
   */
  async publish(operations: readonly IdentityOperation[]): Promise<void> {
    const { door, outlet } = this.#components
    const batch = { operations: operations.map(encodeOperation), records: [] }
    const { operations: outcomes } = await door.ingest(batch, { kind: 'own' })
    const refused = outcomes.find(({ isKept }) => !isKept)
    if (refused !== undefined) {
      const { verdict } = refused
      const reason = 'reason' in verdict ? verdict.reason : verdict.verdict
      throw new PalabreError('refused-operation', `the change was not taken in: ${reason}`, { data: { reason } })
    }
    const [first] = operations
    if (first !== undefined) outlet.announceChain(first.address)
  }
}

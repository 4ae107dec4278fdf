import { resolveChain } from '../identity/chain.ts'
import { checkOperation } from '../identity/operation.ts'
import type { LogReader } from '../store/log-reader.ts'

/** What stands in the store went through the door: signatures were judged there. */
const alreadyVerified = { verify: () => null }

/** Id of the genesis of a held chain (32 bytes), null where no chain of that address is held. */
export async function genesisHashOf(
  chains: Pick<LogReader, 'listOperations'>,
  address: Uint8Array,
): Promise<Uint8Array | null> {
  const [chain] = await chains.listOperations([address])
  const operations = (chain?.operations ?? []).flatMap((bytes) => {
    const { operation } = checkOperation(bytes, alreadyVerified)
    return operation === null ? [] : [operation]
  })
  return resolveChain(operations)?.genesisHash ?? null
}

import type { BlockStore, MediaIndex } from '../store/media-index.ts'
import type { Block } from './dag.ts'
import type { MediaType } from './limits.ts'

export interface MediaTables {
  readonly index: MediaIndex
  readonly blocks: BlockStore
}

/**
 * Makes a file complete on this disk (MED4): first the root with the list of its blocks, which keeps them from being
 * collected, then the blocks. In this order a collection at any moment takes nothing that is needed: what it took
 * before the root was known is written again.
 */
export async function registerDag(
  { index, blocks }: MediaTables,
  dag: {
    readonly blocks: readonly Block[]
    readonly type: MediaType
    readonly size: number
    readonly isPending: boolean
  },
): Promise<void> {
  const names = dag.blocks.map((block) => block.cid.toString())
  const root = names[0] as string
  const entry = { root, blocks: [...new Set(names)], type: dag.type, size: dag.size, isPending: dag.isPending }
  await index.putDag(entry)
  if ((await index.getDag(root)) !== null) return
  await blocks.putBlocks(dag.blocks.map(({ cid, bytes }) => ({ cid: cid.bytes, bytes })))
  // Again, now that it is whole: whoever looks at the list of roots sees that it is here.
  await index.putDag(entry)
}

import type { AbortOptions } from '../util/startable.ts'
import { parseMediaCid } from './dag.ts'
import type { MediaType } from './limits.ts'
import type { MediaTables } from './register.ts'
import { walkMedia } from './walker.ts'

export interface MediaFile {
  /** Sniffed from these bytes, never declared. */
  readonly type: MediaType
  readonly bytes: Uint8Array
}

/**
 * The file behind a root as it lies on this disk, judged again as if a stranger had sent it; null when it isn't here
 * whole, or is damaged. Never asks the network.
 */
export async function readMedia(
  tables: MediaTables,
  root: string,
  options: AbortOptions = {},
): Promise<MediaFile | null> {
  if (parseMediaCid(root) === undefined) return null
  const dag = await tables.index.getDag(root)
  if (dag === null) return null
  const notHere = new Error('a block is not here')
  const source = {
    fetchBlock: async (cid: { readonly bytes: Uint8Array }) => {
      options.signal?.throwIfAborted()
      const bytes = await tables.blocks.getBlock(cid.bytes)
      if (bytes === null) throw notHere
      return { bytes, peer: null }
    },
  }
  try {
    const walk = await walkMedia({ source }, root, dag, options)
    return walk.ok ? { type: walk.media.type, bytes: walk.media.bytes } : null
  } catch (error) {
    if (error === notHere) return null
    throw error
  }
}

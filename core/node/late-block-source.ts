import type { BlockSource, SourcedBlock } from '../media/helia-host.ts'
import type { AbortOptions } from '../util/startable.ts'

/** Stands in for the network's block source until there is one: fetches wait for it, or for their signal. */
export class LateBlockSource implements BlockSource {
  #attached = Promise.withResolvers<BlockSource>()

  attach(source: BlockSource): void {
    this.#attached.resolve(source)
  }

  async fetchBlock(
    cid: Parameters<BlockSource['fetchBlock']>[0],
    options: AbortOptions & { readonly prefer?: string | undefined },
  ): Promise<SourcedBlock> {
    options.signal?.throwIfAborted()
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(options.signal?.reason)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const source = await Promise.race([this.#attached.promise, aborted.promise])
      return await source.fetchBlock(cid, options)
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
    }
  }
}

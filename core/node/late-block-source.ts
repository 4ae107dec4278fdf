import type { BlockSource, SourcedBlock } from '../media/helia-host.ts'
import type { AbortOptions } from '../util/startable.ts'

/** Stands in for the network's block source until there is one: fetches wait for it, or for their signal. */
export class LateBlockSource implements BlockSource {
  readonly #attached = Promise.withResolvers<BlockSource>()
  #peers: () => readonly string[] = () => []
  #source: BlockSource | null = null

  /** A second one takes the place of the first. */
  attach(source: BlockSource & { peers(): readonly string[] }): void {
    this.#peers = () => source.peers()
    this.#source = source
    this.#attached.resolve(source)
  }

  /** Somebody is connected who may be asked; never before there is a network. */
  get hasPeers(): boolean {
    return this.#peers().length > 0
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
      const source = this.#source ?? (await Promise.race([this.#attached.promise, aborted.promise]))
      return await source.fetchBlock(cid, options)
    } finally {
      options.signal?.removeEventListener('abort', onAbort)
    }
  }
}

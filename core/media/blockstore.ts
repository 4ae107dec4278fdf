import { BaseBlockstore } from 'blockstore-core'
import type { InputPair, Pair } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import type { BlockStore } from '../store/media-index.ts'
import { concatBytes } from '../util/bytes.ts'
import type { AbortOptions } from '../util/startable.ts'
import { isBlockOf, isMediaCid } from './dag.ts'
import { LEAF_BYTES } from './limits.ts'

type BlockInput = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Bitswap reads the name to tell "not here" from a fault. */
class BlockNotHereError extends Error {
  override readonly name = 'NotFoundError'
}

/**
 * Our block table as Helia knows block stores. What is no media block (MED1: size, codec, hash) is neither stored nor
 * served, whoever asks; a block is stored only when its bytes have its hash.
 */
export class MediaBlockstore extends BaseBlockstore {
  readonly #blocks: BlockStore

  constructor(components: { readonly blocks: BlockStore }) {
    super()
    this.#blocks = components.blocks
  }

  override async has(cid: CID, options?: AbortOptions): Promise<boolean> {
    options?.signal?.throwIfAborted()
    return isMediaCid(cid) && (await this.#blocks.hasBlock(cid.bytes))
  }

  override async put(cid: CID, input: BlockInput, options?: AbortOptions): Promise<CID> {
    options?.signal?.throwIfAborted()
    const bytes = await collect(input)
    if (!isMediaCid(cid) || !isBlockOf(cid, bytes)) throw new TypeError(`${cid} is no media block`)
    await this.#blocks.putBlocks([{ cid: cid.bytes, bytes }])
    return cid
  }

  override async *get(cid: CID, options?: AbortOptions): AsyncGenerator<Uint8Array> {
    options?.signal?.throwIfAborted()
    const bytes = isMediaCid(cid) ? await this.#blocks.getBlock(cid.bytes) : null
    if (bytes === null) throw new BlockNotHereError(`no block ${cid}`)
    yield bytes
  }

  override async delete(cid: CID, options?: AbortOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    await this.#blocks.deleteBlock(cid.bytes)
  }

  override async *putMany(
    source: Iterable<InputPair> | AsyncIterable<InputPair>,
    options?: AbortOptions,
  ): AsyncGenerator<CID> {
    for await (const { cid, bytes } of source) yield await this.put(cid, bytes, options)
  }

  /** Never: blocks are counted and collected in the database, not by walking all of them. */
  // biome-ignore lint/correctness/useYield: it throws before there is anything to yield
  override async *getAll(): AsyncGenerator<Pair> {
    throw new Error('the media block store is not enumerated')
  }
}

async function collect(input: BlockInput): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return checkLength(input)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of input) {
    length += part.length
    if (length > LEAF_BYTES) throw new RangeError(`a block of more than ${LEAF_BYTES} bytes`)
    parts.push(part)
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(...parts)
}

function checkLength(bytes: Uint8Array): Uint8Array {
  if (bytes.length > LEAF_BYTES) throw new RangeError(`a block of ${bytes.length} bytes, limit ${LEAF_BYTES}`)
  return bytes
}

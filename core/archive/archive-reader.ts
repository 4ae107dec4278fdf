/**
 * Reads an archive from front to back in bounded memory, a batch at a time, from the start or from where an earlier read
 * got to. Everything is held against the limits before it is waited for. What stands before a fault has been given out
 * when the fault is thrown.
 */
import { setImmediate as nextEvents } from 'node:timers/promises'
import { equalBytes } from '../util/bytes.ts'
import type { AbortOptions } from '../util/startable.ts'
import {
  ArchiveCutError,
  ArchiveDamagedError,
  ArchiveForeignError,
  ArchiveNetworkError,
  ArchiveNewerError,
} from './archive-errors.ts'
import {
  ARCHIVE_VERSION,
  CID_BYTES,
  dataHash,
  decodeDescription,
  decodeEnd,
  decodeLength,
  isCarHeader,
  isCidHead,
  kindOf,
  MAX_BLOCK_BYTES,
  MAX_CAR_HEADER_BYTES,
} from './archive-format.ts'
import type { ArchiveSource } from './archive-source.ts'

/** Read from the file at once; more than the longest block. */
const CHUNK_BYTES = 1_048_576
/** A batch ends with the block that reaches either. */
export interface BatchLimits {
  readonly blocks: number
  readonly bytes: number
}

/** The store writes each batch in one transaction: what many records change of the same page is written once. */
const BATCH: BatchLimits = { blocks: 2_048, bytes: 1_048_576 }
/** Hashing a whole batch in one go would keep everybody else waiting for ten milliseconds and more. */
const BLOCKS_A_TURN = 256
/** The header of the CAR and the description lie within. */
const START_BYTES = 1_024

/** Operations and records on the wire, each in the order of the file. */
export interface ArchiveBatch {
  readonly operations: readonly Uint8Array[]
  readonly records: readonly Uint8Array[]
  /** Where the next block begins: what `read` goes on from. */
  readonly nextOffset: number
}

interface Block {
  readonly data: Uint8Array
  /** Where it begins in the file. */
  readonly offset: number
  readonly nextOffset: number
}

export class ArchiveReader {
  /** Bytes of the file when it was opened. */
  readonly size: number
  /** When the file was last changed, milliseconds since 1970. */
  readonly modifiedMs: number
  /** Where operations and records begin. */
  readonly start: number
  readonly #source: ArchiveSource
  readonly #limits: BatchLimits

  private constructor(source: ArchiveSource, start: number, limits: BatchLimits) {
    this.#source = source
    this.size = source.size
    this.modifiedMs = source.modifiedMs
    this.start = start
    this.#limits = limits
  }

  /**
   * Takes the source over, also where it is refused. `network`: the domain whose signatures count.
   * @throws ArchiveForeignError, ArchiveNewerError, ArchiveNetworkError
   */
  static async open(source: ArchiveSource, network: string, limits = BATCH): Promise<ArchiveReader> {
    try {
      return new ArchiveReader(source, checkStart(await source.readAt(0, START_BYTES), network), limits)
    } catch (error) {
      await source.close()
      throw error
    }
  }

  /** The first bytes of the file, at most `length`: what tells it from others. */
  head(length: number): Promise<Uint8Array> {
    return this.#source.readAt(0, length)
  }

  /**
   * Batches of at most 2,048 blocks and about 1 MiB, unless `open` was told otherwise. `from` is `start`, or the `nextOffset` of an earlier batch.
   * @throws ArchiveCutError, ArchiveDamagedError after the last whole block was given out
   */
  async *read(from = this.start, { signal }: AbortOptions = {}): AsyncGenerator<ArchiveBatch, void> {
    const limits = this.#limits
    let batch = new BatchMaker(limits)
    let blocks = 0
    let isEnded = false
    const flush = function* (): Generator<ArchiveBatch> {
      if (!batch.isEmpty) yield batch.take()
      batch = new BatchMaker(limits)
    }
    try {
      for await (const block of this.#readBlocks(from)) {
        signal?.throwIfAborted()
        if (isEnded) throw new ArchiveDamagedError(block.offset, 'something stands behind the end')
        const kind = kindOf(block.data)
        if (kind === 'end') {
          this.#checkEnd(block, from === this.start ? blocks : null)
          isEnded = true
          continue
        }
        if (kind === null) throw new ArchiveDamagedError(block.offset, 'a block is neither an operation nor a record')
        blocks++
        batch.add(block, kind)
        if (blocks % BLOCKS_A_TURN === 0) await nextEvents()
        if (batch.isFull) yield* flush()
      }
      if (!isEnded) throw new ArchiveCutError(this.size, 'the last block, which says how many there are, is missing')
    } catch (error) {
      if (error instanceof ArchiveCutError || error instanceof ArchiveDamagedError) yield* flush()
      throw error
    }
    yield* flush()
  }

  close(): Promise<void> {
    return this.#source.close()
  }

  /** `counted`: what was read, null where it began in the middle. */
  #checkEnd({ data, offset }: Block, counted: number | null): void {
    const blocks = decodeEnd(data)
    if (blocks === null) throw new ArchiveDamagedError(offset, 'the last block says nothing')
    if (counted !== null && blocks !== counted) {
      throw new ArchiveDamagedError(offset, `${blocks} blocks should stand before, and there are ${counted}`)
    }
  }

  async *#readBlocks(from: number): AsyncGenerator<Block> {
    let chunk: Uint8Array = new Uint8Array()
    /** Where the chunk begins in the file, and how far it has been read. */
    let base = from
    let at = 0
    for (;;) {
      const found = findBlock(chunk, at, base + at)
      if (found !== null) {
        at = found.nextOffset - base
        yield found
        continue
      }
      const next = await this.#source.readAt(base + at, CHUNK_BYTES)
      if (next.length === 0) return
      if (next.length <= chunk.length - at) {
        throw new ArchiveCutError(base + at, `the last block is not whole`)
      }
      base += at
      at = 0
      chunk = next
    }
  }
}

/** Null while more bytes are needed. @throws ArchiveDamagedError */
function findBlock(chunk: Uint8Array, at: number, offset: number): Block | null {
  const length = decodeLength(chunk, at)
  if (length === 'short') return null
  if (length === 'bad') throw new ArchiveDamagedError(offset, 'no block begins here')
  if (length.value <= CID_BYTES || length.value > MAX_BLOCK_BYTES) {
    throw new ArchiveDamagedError(offset, `a block of ${length.value} bytes, limit ${MAX_BLOCK_BYTES}`)
  }
  const cidAt = at + length.bytes
  const end = cidAt + length.value
  if (end > chunk.length) return null
  const data = chunk.subarray(cidAt + CID_BYTES, end)
  if (!isCidHead(chunk, cidAt) || !equalBytes(chunk.subarray(cidAt + 4, cidAt + CID_BYTES), dataHash(data))) {
    throw new ArchiveDamagedError(offset, "a block's bytes don't match its hash")
  }
  return { data, offset, nextOffset: offset + length.bytes + length.value }
}

/** Where operations and records begin. */
function checkStart(bytes: Uint8Array, network: string): number {
  const length = decodeLength(bytes, 0)
  if (typeof length === 'string' || length.value > MAX_CAR_HEADER_BYTES) {
    throw new ArchiveForeignError('it does not begin as a CAR file does')
  }
  const blockAt = length.bytes + length.value
  if (!isCarHeader(bytes.subarray(length.bytes, blockAt))) {
    throw new ArchiveForeignError('it does not begin as a CAR file of version 1 with one root does')
  }
  const block = findFirst(bytes, blockAt)
  const description = block === null ? null : decodeDescription(block.data)
  if (block === null || description === null) throw new ArchiveForeignError('its first block does not say so')
  if (description.version > ARCHIVE_VERSION) throw new ArchiveNewerError(description.version, ARCHIVE_VERSION)
  if (description.network !== network) throw new ArchiveNetworkError(description.network, network)
  return block.nextOffset
}

function findFirst(bytes: Uint8Array, at: number): Block | null {
  try {
    return findBlock(bytes, at, at)
  } catch (error) {
    if (error instanceof ArchiveDamagedError) return null
    throw error
  }
}

class BatchMaker {
  readonly #limits: BatchLimits
  readonly #operations: Uint8Array[] = []
  readonly #records: Uint8Array[] = []
  #bytes = 0
  #nextOffset = 0

  constructor(limits: BatchLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#operations.length + this.#records.length === 0
  }

  get isFull(): boolean {
    const blocks = this.#operations.length + this.#records.length
    return blocks >= this.#limits.blocks || this.#bytes >= this.#limits.bytes
  }

  add(block: Block, kind: 'operation' | 'record'): void {
    const list = kind === 'operation' ? this.#operations : this.#records
    list.push(block.data)
    this.#bytes += block.data.length
    this.#nextOffset = block.nextOffset
  }

  take(): ArchiveBatch {
    return { operations: this.#operations, records: this.#records, nextOffset: this.#nextOffset }
  }
}

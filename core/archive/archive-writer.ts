import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { encodeBlock, encodeEnd, encodeStart, kindOf, MAX_DATA_BYTES } from './archive-format.ts'

/** Written to the file at once. */
const FLUSH_BYTES = 1_048_576
/** Readable and writable by the owner only: an archive may hold sealed private records. */
const FILE_MODE = 0o600

export interface ArchiveWriterInit {
  /** Where the archive stands once it is whole; until then it is `PATH.part`. */
  readonly path: string
  /** Domain of the network whose signatures count. */
  readonly network: string
}

/**
 * Writes an archive from front to back in bounded memory. An author's operations go before that author's records, as
 * chains travel before records; the writer doesn't check it.
 */
export class ArchiveWriter {
  readonly #file: FileHandle
  readonly #path: string
  readonly #waiting: Uint8Array[]
  #waitingBytes = 0
  #blocks = 0

  private constructor(file: FileHandle, { path, network }: ArchiveWriterInit) {
    this.#file = file
    this.#path = path
    this.#waiting = [encodeStart(network)]
  }

  static async create(init: ArchiveWriterInit): Promise<ArchiveWriter> {
    return new ArchiveWriter(await open(`${init.path}.part`, 'w', FILE_MODE), init)
  }

  /** Operations and records on the wire. @throws RangeError for what is neither, or too long */
  async add(wires: readonly Uint8Array[]): Promise<void> {
    for (const wire of wires) {
      const kind = kindOf(wire)
      if (wire.length > MAX_DATA_BYTES || kind === null || kind === 'end') {
        throw new RangeError(`${wire.length} bytes that are neither an operation nor a record`)
      }
      const block = encodeBlock(wire)
      this.#waiting.push(block)
      this.#waitingBytes += block.length
      this.#blocks++
      if (this.#waitingBytes >= FLUSH_BYTES) await this.#flush()
    }
  }

  /** Afterwards the whole archive stands at its path and survives a power cut. */
  async finish(): Promise<void> {
    this.#waiting.push(encodeEnd(this.#blocks))
    await this.#flush()
    await this.#file.sync()
    await this.#file.close()
    await rename(`${this.#path}.part`, this.#path)
    // Windows has no fsync of folders.
    if (process.platform === 'win32') return
    const folder = await open(dirname(this.#path), 'r')
    await folder.sync().finally(() => folder.close())
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close()
    await rm(`${this.#path}.part`, { force: true })
  }

  async #flush(): Promise<void> {
    await this.#file.writeFile(Buffer.concat(this.#waiting))
    this.#waiting.length = 0
    this.#waitingBytes = 0
  }
}

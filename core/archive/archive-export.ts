import type { LogReader } from '../store/log-reader.ts'
import type { ArchiveWriter } from './archive-writer.ts'

/** Read from the store at once, bytes. */
const PAGE_BYTES = 1_048_576
/** Looked at in one call. */
const PAGE_AUTHORS = 4_096

export interface ExportTally {
  /** People whose records are all written. */
  readonly authors: number
  readonly operations: number
  readonly records: number
  /** Of operations and records, without what frames them. */
  readonly bytes: number
}

export const EMPTY_EXPORT: ExportTally = { authors: 0, operations: 0, records: 0, bytes: 0 }

export interface ArchiveExportComponents {
  readonly reader: Pick<LogReader, 'listAuthors' | 'listHeld' | 'listOperations' | 'readLog'>
  readonly writer: Pick<ArchiveWriter, 'add'>
}

export interface ArchiveExportInit {
  /** 32-byte addresses; null for everybody of whom something is held. */
  readonly authors: readonly Uint8Array[] | null
  readonly onWritten: (tally: ExportTally) => void
}

/** Writes what is held of people into an archive: each one's chain, then their records, the newest of each log first. */
export class ArchiveExport {
  readonly #c: ArchiveExportComponents
  readonly #init: ArchiveExportInit
  #tally = EMPTY_EXPORT

  constructor(components: ArchiveExportComponents, init: ArchiveExportInit) {
    this.#c = components
    this.#init = init
  }

  /** Records that come meanwhile may be in it or not. @throws the reason of the signal */
  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    for await (const author of this.#listAuthors()) {
      await this.#writeAuthor(author, signal)
      this.#count({ authors: 1 })
    }
  }

  async *#listAuthors(): AsyncGenerator<Uint8Array> {
    if (this.#init.authors !== null) return yield* this.#init.authors
    let after: Uint8Array | null = null
    do {
      const page: readonly Uint8Array[] = await this.#c.reader.listAuthors(after, PAGE_AUTHORS)
      yield* page
      after = page.length < PAGE_AUTHORS ? null : (page.at(-1) ?? null)
    } while (after !== null)
  }

  async #writeAuthor(author: Uint8Array, signal: AbortSignal): Promise<void> {
    const { reader, writer } = this.#c
    for (const { operations } of await reader.listOperations([author])) {
      await writer.add(operations)
      this.#count({ operations: operations.length, bytes: lengthOf(operations) })
    }
    for (const { device, tip } of await reader.listHeld([author])) {
      for (let top = tip?.seq ?? 0; top > 0; ) {
        signal.throwIfAborted()
        const page = await reader.readLog(author, device, [1, top], PAGE_BYTES)
        const records = page.map(({ record }) => record)
        await writer.add(records)
        this.#count({ records: records.length, bytes: lengthOf(records) })
        top = (page.at(-1)?.seq ?? 1) - 1
      }
    }
  }

  #count(more: Partial<ExportTally>): void {
    const sum = (key: keyof ExportTally) => this.#tally[key] + (more[key] ?? 0)
    this.#tally = {
      authors: sum('authors'),
      operations: sum('operations'),
      records: sum('records'),
      bytes: sum('bytes'),
    }
    this.#init.onWritten(this.#tally)
  }
}

function lengthOf(wires: readonly Uint8Array[]): number {
  return wires.reduce((sum, { length }) => sum + length, 0)
}

/**
 * An archive on its way through the door: batch after batch, a few at once, in order. What is said to be taken in is
 * committed: the place to go on from moves only behind the answer of the door, so that whatever ends the process, nothing
 * is passed over. What was committed behind that place is read again, and is there already.
 */
import { createHash } from 'node:crypto'
import type { IngestBatch, IngestDoor, IngestOutcome, IngestResult, IngestSource } from '../ingest/door.ts'
import { toHex } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import type { AbortOptions } from '../util/startable.ts'
import type { ArchiveBatch, ArchiveReader } from './archive-reader.ts'

const SOURCE: IngestSource = { kind: 'import' }
/** Batches that wait for the door: one is written while the signatures of the others are judged. */
const MAX_WAITING = 3
/** Enough of a file to tell it from others of the same size and time. */
const HEAD_BYTES = 1_048_576

/** New here, and here before. */
export interface ImportedCount {
  readonly added: number
  readonly known: number
}

export interface RefusedCount {
  readonly verdict: 'hold' | 'drop' | 'reject'
  readonly reason: string
  readonly count: number
}

/** What became of the blocks that were read. */
export interface ImportTally {
  readonly operations: ImportedCount
  readonly records: ImportedCount
  /** Operations and records that weren't kept, the most frequent reason first. */
  readonly refused: readonly RefusedCount[]
}

/** Where a later import of the same file goes on. */
export interface ImportPlace {
  /** Size, time and beginning of the file as one hash. */
  readonly file: string
  /** Everything before it is committed. */
  readonly offset: number
  readonly tally: ImportTally
}

export const EMPTY_TALLY: ImportTally = {
  operations: { added: 0, known: 0 },
  records: { added: 0, known: 0 },
  refused: [],
}

/** The disk has too little room for records of others: going on would pass them over. */
export class ImportStoppedError extends PalabreError {
  constructor() {
    super(
      'disk-low',
      'the disk has too little room for records of others; what was taken in is kept. Make room and import the file again: it goes on from there',
    )
  }
}

/** What tells this file from others: size, time of its last change, and its first MiB. */
export async function identifyArchive(reader: Pick<ArchiveReader, 'size' | 'modifiedMs' | 'head'>): Promise<string> {
  const hash = createHash('sha256').update(`${reader.size} ${reader.modifiedMs} `)
  return toHex(hash.update(await reader.head(HEAD_BYTES)).digest())
}

export interface ArchiveImportComponents {
  readonly reader: Pick<ArchiveReader, 'read'>
  readonly door: IngestDoor
}

export interface ArchiveImportInit {
  readonly place: ImportPlace
  /** Everything before the place is committed now; in order. */
  readonly onTaken: (place: ImportPlace) => Promise<void> | void
}

interface Waiting {
  readonly batch: ArchiveBatch
  readonly result: Promise<IngestResult>
}

export class ArchiveImport {
  readonly #reader: ArchiveImportComponents['reader']
  readonly #door: IngestDoor
  readonly #onTaken: ArchiveImportInit['onTaken']
  #place: ImportPlace
  #hasFailed = false

  constructor(components: ArchiveImportComponents, init: ArchiveImportInit) {
    this.#reader = components.reader
    this.#door = components.door
    this.#place = init.place
    this.#onTaken = init.onTaken
  }

  /**
   * Resolves when the whole file is in. What was on its way when the signal came is waited for.
   * @throws ArchiveCutError, ArchiveDamagedError, ImportStoppedError, what the door throws, the signal's reason
   */
  async run({ signal }: AbortOptions = {}): Promise<void> {
    const waiting: Waiting[] = []
    try {
      for await (const batch of this.#reader.read(this.#place.offset, { signal })) {
        waiting.push({ batch, result: this.#begin(batch) })
        if (waiting.length >= MAX_WAITING) await this.#settle(waiting.shift() as Waiting)
      }
    } finally {
      // Behind a batch that failed nothing counts, even if it came in: the place would move past what is lacking.
      if (this.#hasFailed) await Promise.allSettled(waiting.map(({ result }) => result))
      else while (waiting.length > 0) await this.#settle(waiting.shift() as Waiting)
    }
  }

  #begin(batch: IngestBatch): Promise<IngestResult> {
    const result = this.#door.ingest({ operations: batch.operations, records: batch.records }, SOURCE)
    // Of several that fail the first one says why.
    result.catch(() => {})
    return result
  }

  async #settle({ batch, result }: Waiting): Promise<void> {
    this.#hasFailed = true
    const { operations, records } = await result
    if (records.some(({ verdict }) => verdict.verdict === 'drop' && verdict.reason === 'disk-low')) {
      throw new ImportStoppedError()
    }
    this.#hasFailed = false
    this.#place = {
      file: this.#place.file,
      offset: batch.nextOffset,
      tally: addToTally(this.#place.tally, operations, records),
    }
    await this.#onTaken(this.#place)
  }
}

function addToTally(
  tally: ImportTally,
  operations: readonly IngestOutcome[],
  records: readonly IngestOutcome[],
): ImportTally {
  const refused = new Map(tally.refused.map(({ verdict, reason, count }) => [`${verdict} ${reason}`, count]))
  const count = (before: ImportedCount, outcomes: readonly IngestOutcome[]): ImportedCount => {
    let { added, known } = before
    for (const outcome of outcomes) {
      const name = refusalOf(outcome)
      if (outcome.isNew) added++
      else if (name === null) known++
      else refused.set(name, (refused.get(name) ?? 0) + 1)
    }
    return { added, known }
  }
  return {
    operations: count(tally.operations, operations),
    records: count(tally.records, records),
    refused: [...refused].map(toRefused).sort((a, b) => b.count - a.count),
  }
}

/** Null for what is here. A record without its text that is here already says nothing new. */
function refusalOf({ verdict }: IngestOutcome): string | null {
  return verdict.verdict === 'accept' || verdict.verdict === 'unreadable'
    ? null
    : `${verdict.verdict} ${verdict.reason}`
}

function toRefused([name, count]: [string, number]): RefusedCount {
  const [verdict, reason] = name.split(' ') as [RefusedCount['verdict'], string]
  return { verdict, reason, count }
}

/**
 * Takes archives in, one at a time. How far one has got lies in square.db beside the records themselves, written after
 * them: a crash or a power cut takes the end of both, never records that are said to be in; and who deletes square.db
 * has the file read from its beginning.
 */
import { basename, isAbsolute } from 'node:path'
import {
  ArchiveImport,
  EMPTY_TALLY,
  type ImportPlace,
  identifyArchive,
  type RefusedCount,
} from '../archive/archive-import.ts'
import { ArchiveReader, type BatchLimits } from '../archive/archive-reader.ts'
import { openArchiveFile } from '../archive/archive-source.ts'
import type { ImportView } from '../contract/archive.ts'
import type { NodeEvent } from '../contract/views.ts'
import type { IngestDoor } from '../ingest/door.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import { RateMeter } from '../util/rate-meter.ts'
import type { ImportCalls } from './api/services.ts'

const RATE_WINDOW_MS = 5_000
/** A rate that was measured over less says nothing about the rest. */
const STEADY_MS = 2_000
/** So often at most the place is written down and a hint is given. */
const PLACE_MS = 500

/** Where an import had got to, beside what it took in. */
export interface ImportPlaces {
  getImportPlace(): Promise<ImportPlace | null>
  /** Null forgets it. */
  setImportPlace(place: ImportPlace | null): Promise<void>
}

export interface ImportServiceComponents {
  readonly door: IngestDoor
  readonly places: ImportPlaces
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  /** For the rate: must not be set back or forward. */
  readonly steady: Clock
  readonly logger: Logger
}

interface Run {
  readonly file: string
  readonly totalBytes: number
  readonly resumedAtBytes: number | null
  readonly startedAt: number
  readonly blocks: RateMeter
  readonly bytes: RateMeter
  readonly abort: AbortController
  place: ImportPlace
  /** On the steady clock. */
  notedMs: number
  step: ImportView['step']
  endedAt: number | null
  failure: ImportView['failure']
  ended: Promise<void>
}

export class ImportService implements ImportCalls {
  readonly #c: ImportServiceComponents
  readonly #network: string
  readonly #batch: BatchLimits | undefined
  #run: Run | null = null
  /** A file is being opened. */
  #isOpening = false
  #isStopped = false

  /** `network`: domain whose signatures count. */
  constructor(components: ImportServiceComponents, init: { readonly network: string; readonly batch?: BatchLimits }) {
    this.#c = components
    this.#network = init.network
    this.#batch = init.batch
  }

  /**
   * Begins, and goes on where an import of the same file was interrupted.
   * @throws BadRequestError, PalabreError busy, Archive…Error for a file that can't be taken in at all
   */
  async begin(path: string): Promise<ImportView> {
    if (!isAbsolute(path)) throw new BadRequestError(`path is absolute, got ${JSON.stringify(path)}`)
    if (this.#isStopped) throw new PalabreError('stopping', 'the node is stopping')
    if (this.#isOpening || this.#run?.step === 'running') {
      throw new PalabreError('busy', 'an archive is being taken in: wait for it, or cancel it')
    }
    this.#isOpening = true
    try {
      const reader = await ArchiveReader.open(await openArchiveFile(path), this.#network, this.#batch)
      const run = await this.#prepare(reader, basename(path)).catch(async (error: unknown) => {
        await reader.close()
        throw error
      })
      this.#run = run
      run.ended = this.#follow(run, reader)
      return toView(run)
    } finally {
      this.#isOpening = false
    }
  }

  /** The one that runs, or the last one. */
  status(): ImportView | null {
    return this.#run === null ? null : toView(this.#run)
  }

  /** Null while none runs. */
  running(): ImportView | null {
    return this.#run?.step === 'running' ? toView(this.#run) : null
  }

  async cancel(): Promise<ImportView | null> {
    this.#run?.abort.abort(new PalabreError('cancelled', 'the import was called off'))
    await this.#run?.ended
    return this.status()
  }

  /** What is on its way is waited for, and the place written down. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.cancel()
  }

  async #prepare(reader: ArchiveReader, file: string): Promise<Run> {
    const { clock, steady, places } = this.#c
    const identity = await identifyArchive(reader)
    const before = await places.getImportPlace()
    const isResumed = before !== null && before.file === identity && before.offset > reader.start
    const meter = () => new RateMeter({ clock: steady }, { windowMs: RATE_WINDOW_MS })
    return {
      file,
      totalBytes: reader.size,
      resumedAtBytes: isResumed ? before.offset : null,
      startedAt: clock.now(),
      blocks: meter(),
      bytes: meter(),
      abort: new AbortController(),
      place: isResumed ? before : { file: identity, offset: reader.start, tally: EMPTY_TALLY },
      notedMs: steady.now(),
      step: 'running',
      endedAt: null,
      failure: null,
      ended: Promise.resolve(),
    }
  }

  /** Never rejects. */
  async #follow(run: Run, reader: ArchiveReader): Promise<void> {
    const { door, logger } = this.#c
    const { file, totalBytes, resumedAtBytes } = run
    logger.info({ file, totalBytes, resumedAtBytes }, `taking in ${file}`)
    this.#hint()
    const work = new ArchiveImport(
      { reader, door },
      { place: run.place, onTaken: (place) => this.#noteTaken(run, place) },
    )
    try {
      await work.run({ signal: run.abort.signal })
      await this.#c.places.setImportPlace(null)
      run.step = 'done'
    } catch (error) {
      run.step = run.abort.signal.aborted ? 'cancelled' : 'failed'
      if (run.step === 'failed') run.failure = this.#failureOf(error)
      await this.#keepPlace(run)
    }
    await reader.close()
    run.endedAt = this.#c.clock.now()
    this.#logEnd(run)
    this.#hint()
  }

  async #noteTaken(run: Run, place: ImportPlace): Promise<void> {
    run.blocks.add(countOf(place) - countOf(run.place))
    run.bytes.add(place.offset - run.place.offset)
    run.place = place
    if (this.#c.steady.now() - run.notedMs < PLACE_MS) return
    run.notedMs = this.#c.steady.now()
    await this.#c.places.setImportPlace(place)
    this.#hint()
  }

  /** Without it the file would only be read from further back. */
  async #keepPlace({ place }: Run): Promise<void> {
    await this.#c.places.setImportPlace(place).catch((error: unknown) => {
      this.#c.logger.warn({ err: error }, 'how far the import has got could not be written down')
    })
  }

  #failureOf(error: unknown): NonNullable<ImportView['failure']> {
    if (error instanceof PalabreError) return { code: error.code, message: error.message }
    this.#c.logger.error({ err: error }, 'an import failed unexpectedly')
    return { code: 'internal', message: 'something unexpected went wrong; the log of the node has the cause' }
  }

  #logEnd(run: Run): void {
    const { file, step, failure, place, startedAt, endedAt } = run
    const { operations, records, refused } = place.tally
    const tookMs = (endedAt ?? startedAt) - startedAt
    this.#c.logger.info({ file, step, failure, operations, records, refused, tookMs }, `${file}: import ${step}`)
  }

  /** The Network page shows it. */
  #hint(): void {
    this.#c.events.publish({ type: 'network' })
  }
}

function toView(run: Run): ImportView {
  const { file, step, place, totalBytes, resumedAtBytes, startedAt, endedAt, failure } = run
  const { operations, records, refused } = place.tally
  const isRunning = step === 'running'
  const { perSecond, overMs } = run.bytes.read()
  return {
    file,
    step,
    doneBytes: step === 'done' ? totalBytes : place.offset,
    totalBytes,
    resumedAtBytes,
    operations: { ...operations },
    records: { ...records },
    refused: refused.map((one) => ({ ...one })),
    ratePerSecond: isRunning ? Math.round(run.blocks.read().perSecond * 10) / 10 : 0,
    secondsLeft: isRunning && overMs >= STEADY_MS ? Math.ceil((totalBytes - place.offset) / perSecond) : null,
    startedAt,
    endedAt,
    failure,
  }
}

function countOf({ tally: { operations, records, refused } }: ImportPlace): number {
  const counted = [operations, records].reduce((sum, { added, known }) => sum + added + known, 0)
  return counted + refused.reduce((sum, { count }: RefusedCount) => sum + count, 0)
}

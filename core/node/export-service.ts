/** Writes archives, one at a time: a copy of an account, or of all that is held, that any node of the network takes in. */
import { access } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import { ArchiveExistsError, ArchiveUnwritableError } from '../archive/archive-errors.ts'
import {
  ArchiveExport,
  type ArchiveExportComponents,
  EMPTY_EXPORT,
  type ExportTally,
} from '../archive/archive-export.ts'
import { ArchiveWriter } from '../archive/archive-writer.ts'
import type { ExportScope, ExportView } from '../contract/archive.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { ExportCalls } from './api/services.ts'

export interface ExportServiceComponents {
  readonly reader: ArchiveExportComponents['reader']
  /** The account here; its address is null while there is none. */
  readonly identity: { readonly address: Uint8Array | null }
  readonly clock: Clock
  readonly logger: Logger
}

interface Run {
  readonly file: string
  readonly scope: ExportScope
  readonly startedAt: number
  readonly abort: AbortController
  tally: ExportTally
  step: ExportView['step']
  endedAt: number | null
  failure: ExportView['failure']
  ended: Promise<void>
}

export class ExportService implements ExportCalls {
  readonly #c: ExportServiceComponents
  readonly #network: string
  #run: Run | null = null
  #isOpening = false
  #isStopped = false

  /** `network`: domain of the signatures, which the archive names. */
  constructor(components: ExportServiceComponents, init: { readonly network: string }) {
    this.#c = components
    this.#network = init.network
  }

  /**
   * Begins to write a new file, and answers. Until it is whole it is `PATH.part`.
   * @throws BadRequestError, PalabreError busy, no-account or stopping, ArchiveExistsError, ArchiveUnwritableError
   */
  async begin(path: string, scope: ExportScope): Promise<ExportView> {
    if (!isAbsolute(path)) throw new BadRequestError(`path is absolute, got ${JSON.stringify(path)}`)
    if (this.#isStopped) throw new PalabreError('stopping', 'the node is stopping')
    if (this.#isOpening || this.#run?.step === 'running') {
      throw new PalabreError('busy', 'an archive is being written: wait for it, or cancel it')
    }
    const { address } = this.#c.identity
    if (scope === 'own' && address === null) {
      throw new PalabreError('no-account', 'there is no account here whose records could be written')
    }
    this.#isOpening = true
    try {
      const writer = await openWriter(path, this.#network)
      const run: Run = {
        file: basename(path),
        scope,
        startedAt: this.#c.clock.now(),
        abort: new AbortController(),
        tally: EMPTY_EXPORT,
        step: 'running',
        endedAt: null,
        failure: null,
        ended: Promise.resolve(),
      }
      this.#run = run
      run.ended = this.#follow(run, writer, scope === 'own' && address !== null ? [address] : null)
      return toView(run)
    } finally {
      this.#isOpening = false
    }
  }

  /** The one that runs, or the last one. */
  status(): ExportView | null {
    return this.#run === null ? null : toView(this.#run)
  }

  /** Nothing of it stays. */
  async cancel(): Promise<ExportView | null> {
    this.#run?.abort.abort(new PalabreError('cancelled', 'the export was called off'))
    await this.#run?.ended
    return this.status()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.cancel()
  }

  /** Never rejects. */
  async #follow(run: Run, writer: ArchiveWriter, authors: readonly Uint8Array[] | null): Promise<void> {
    const { reader, logger, clock } = this.#c
    const work = new ArchiveExport(
      { reader, writer },
      {
        authors,
        onWritten: (tally) => {
          run.tally = tally
        },
      },
    )
    try {
      await work.run({ signal: run.abort.signal })
      await writer.finish()
      run.step = 'done'
    } catch (error) {
      run.step = run.abort.signal.aborted ? 'cancelled' : 'failed'
      if (run.step === 'failed') run.failure = this.#failureOf(error)
      await writer
        .abandon()
        .catch((fault: unknown) => logger.warn({ err: fault }, 'a part of an archive stayed behind'))
    }
    run.endedAt = clock.now()
    const { file, scope, step, failure, tally } = run
    logger.info({ file, scope, step, failure, ...tally }, `${file}: export ${step}`)
  }

  #failureOf(error: unknown): NonNullable<ExportView['failure']> {
    const known = error instanceof PalabreError ? error : unwritable(error)
    if (known !== null) return { code: known.code, message: known.message }
    this.#c.logger.error({ err: error }, 'an export failed unexpectedly')
    return { code: 'internal', message: 'something unexpected went wrong; the log of the node has the cause' }
  }
}

/** Never over a file that is there already. */
async function openWriter(path: string, network: string): Promise<ArchiveWriter> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new ArchiveExistsError(path)
  return ArchiveWriter.create({ path, network }).catch((error: unknown) => {
    throw unwritable(error) ?? error
  })
}

/** What the file system says; null for an error of another kind. */
function unwritable(error: unknown): ArchiveUnwritableError | null {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null
  return new ArchiveUnwritableError(error.code, { cause: error })
}

function toView({ file, scope, step, tally, startedAt, endedAt, failure }: Run): ExportView {
  return { file, scope, step, ...tally, startedAt, endedAt, failure }
}

import { setTimeout as pause } from 'node:timers/promises'
import type { Admission } from '../ingest/admission.ts'
import type { Budgets } from '../ingest/budgets.ts'
import type { MediaEvictor } from '../ingest/media-evictor.ts'
import type { RecordEvictor } from '../ingest/record-evictor.ts'
import type { DatabaseFile } from '../store/database-file.ts'
import type { UseQueries } from '../store/use-queries.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { FileShrinker } from './file-shrinker.ts'
import type { StorageFacts } from './square-calls.ts'
import type { SquareMedia } from './square-media.ts'
import type { SquareSpace } from './square-space.ts'

/** Between two steps, each of about ten milliseconds: other calls have most of the thread. */
const PAUSE_MS = 15
/** What was let go of is said in one line for all that falls into this time. */
const SAY_EVERY_MS = 60_000
/** Authors who take most. */
const MAX_LARGEST = 12

export interface SquareRetentionComponents {
  readonly records: Pick<RecordEvictor, 'setBudgets' | 'step' | 'use'>
  readonly pictures: Pick<MediaEvictor, 'isFull' | 'setBudgets' | 'step' | 'usedBytes'>
  readonly files: readonly Pick<DatabaseFile, 'space'>[]
  readonly uses: Pick<UseQueries, 'largest'>
  readonly admission: Pick<Admission, 'setDiskLow' | 'setStrangerBytes'>
  readonly media: Pick<SquareMedia, 'setDiskLow' | 'setRoom'>
  readonly shrinker: Pick<FileShrinker, 'freeBytes' | 'setUrgent' | 'step'>
  readonly space: Pick<SquareSpace, 'facts' | 'isLow' | 'isOwnOnly' | 'lackingBytes' | 'tick' | 'writeBack'>
  readonly clock: Clock
  readonly logger: Logger
}

/** Keeps what is held within the budgets, in small steps that other calls come between. */
export class SquareRetention {
  readonly #c: SquareRetentionComponents
  #budgets: Budgets
  readonly #fixed: readonly (keyof Budgets)[]
  #isRunning = false
  #isStopped = false
  #freed = { records: 0, recordBytes: 0, pictures: 0, pictureBytes: 0 }
  #saidMs = Number.NEGATIVE_INFINITY

  constructor(
    components: SquareRetentionComponents,
    init: { readonly budgets: Budgets; readonly fixed: readonly (keyof Budgets)[] },
  ) {
    this.#c = components
    this.#budgets = init.budgets
    this.#fixed = init.fixed
  }

  facts(): StorageFacts {
    const { files, pictures, records, space, uses } = this.#c
    const { totalBytes, strangerBytes } = records.use()
    const spaces = files.map((file) => file.space())
    const freeBytes = spaces.reduce((sum, one) => sum + one.freeBytes, 0)
    return {
      space: space.facts(),
      budgets: this.#budgets,
      fixed: this.#fixed,
      recordBytes: totalBytes,
      strangerBytes,
      mediaBytes: pictures.usedBytes,
      files: { bytes: spaces.reduce((sum, one) => sum + one.usedBytes, freeBytes), freeBytes },
      largest: uses.largest(MAX_LARGEST),
    }
  }

  /** Those that the start has set stay. */
  setBudgets(change: Partial<Budgets>): void {
    const { admission, pictures, records } = this.#c
    const open = Object.entries(change).filter(([name]) => !this.#fixed.includes(name as keyof Budgets))
    const budgets: Budgets = { ...this.#budgets, ...Object.fromEntries(open) }
    this.#budgets = budgets
    records.setBudgets(budgets)
    pictures.setBudgets(budgets)
    admission.setStrangerBytes(budgets.strangerBytes)
  }

  /** To be called now and then: goes on by itself while there is something to do. */
  tick(): void {
    const { admission, media, shrinker, space } = this.#c
    space.tick()
    admission.setDiskLow(space.isLow)
    media.setDiskLow(space.isLow)
    shrinker.setUrgent(space.isOwnOnly)
    this.#say()
    if (!this.#isRunning) void this.#run()
  }

  /** True while more is to do. @throws DiskFullError and other PalabreErrors of the store */
  step(): boolean {
    if (this.#isStopped) return false
    const isBusy = this.#step()
    // What a step writes takes room in the log first, and there may be hardly any.
    if (isBusy && this.#c.space.isOwnOnly) this.#c.space.writeBack()
    return isBusy
  }

  #step(): boolean {
    const { media, pictures, records, shrinker, space } = this.#c
    const lacking = Math.max(0, space.lackingBytes - shrinker.freeBytes())
    const fromPictures = pictures.step(lacking)
    media.setRoom(!pictures.isFull && !space.isOwnOnly)
    this.#freed.pictures += fromPictures.roots
    this.#freed.pictureBytes += fromPictures.bytes
    if (fromPictures.isBusy) return true
    const fromRecords = records.step(lacking)
    this.#freed.records += fromRecords.records
    this.#freed.recordBytes += fromRecords.bytes
    return fromRecords.isBusy || shrinker.step()
  }

  stop(): void {
    this.#isStopped = true
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    try {
      while (this.step()) await pause(PAUSE_MS, undefined, { ref: false })
    } catch (error) {
      this.#c.logger.warn({ error: String(error) }, 'the store could not make room')
    } finally {
      this.#isRunning = false
    }
  }

  #say(): void {
    const nowMs = this.#c.clock.now()
    if (this.#freed.records + this.#freed.pictures === 0 || Math.abs(nowMs - this.#saidMs) < SAY_EVERY_MS) return
    this.#c.logger.info({ ...this.#freed, budgets: this.#budgets }, 'old records and pictures made room')
    this.#freed = { records: 0, recordBytes: 0, pictures: 0, pictureBytes: 0 }
    this.#saidMs = nowMs
  }
}

import type { Ballast } from '../ingest/ballast.ts'
import type { DiskGauge, SpaceState } from '../ingest/disk-gauge.ts'
import type { DatabaseFile } from '../store/database-file.ts'
import { DiskFullError } from '../store/sqlite-errors.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { SpaceFacts } from './square-calls.ts'

/** The ballast is made once a start is over. */
const BALLAST_AFTER_MS = 30_000
/** Of the ballast's place, what own records leave alone. */
const RESERVE_PART = 0.5

export interface SquareSpaceComponents {
  readonly gauge: DiskGauge
  readonly ballast: Ballast
  readonly files: readonly DatabaseFile[]
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * What the store does about a disk that gets full: it says so, gives the ballast's place to its own records, to deleting
 * and to writing its logs back, and takes it again when there is room.
 */
export class SquareSpace {
  readonly #c: SquareSpaceComponents
  readonly #startedMs: number
  #said: SpaceState = 'plenty'

  constructor(components: SquareSpaceComponents) {
    this.#c = components
    this.#startedMs = components.clock.now()
  }

  /** Nothing more is taken for others. */
  get isLow(): boolean {
    return this.#c.gauge.state !== 'plenty'
  }

  /** Own records only. */
  get isOwnOnly(): boolean {
    return this.#c.gauge.isLow
  }

  get lackingBytes(): number {
    return this.#c.gauge.lackingBytes
  }

  facts(): SpaceFacts {
    const { ballast, gauge } = this.#c
    const { state } = gauge
    const { freeBytes } = gauge.space
    return { state, freeBytes: Number.isFinite(freeBytes) ? freeBytes : null, ballastBytes: ballast.heldBytes }
  }

  /** To be called now and then. */
  tick(): void {
    const { ballast, clock, gauge } = this.#c
    if (gauge.state === 'full') {
      if (!this.#release()) this.writeBack()
    } else if (Math.abs(clock.now() - this.#startedMs) >= BALLAST_AFTER_MS) ballast.grow(gauge.space)
    this.#say()
  }

  /**
   * Does it once more with the ballast's place where the disk had none. Half of that is kept for deleting, and for giving
   * room back.
   * @throws DiskFullError when there is none left
   */
  withRoom<T>(work: () => T, isDeleting = false): T {
    if (!isDeleting) this.#keepReserve()
    try {
      return work()
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error
      this.#c.gauge.noteFull()
      if (!this.#release()) throw error
      this.#say()
      return work()
    }
  }

  /** Writes the logs of all files back. On a full disk it can't; the next one does. */
  checkpoint(): void {
    for (const { file, error } of this.writeBack()) {
      this.#c.logger.warn({ file, error: String(error) }, 'could not write the log back')
    }
  }

  /** The same without a word about the files with which it failed. */
  writeBack(): { readonly file: string; readonly error: unknown }[] {
    return this.#c.files.flatMap((file) => {
      try {
        file.checkpoint()
        return []
      } catch (error) {
        return [{ file: file.path, error }]
      }
    })
  }

  #keepReserve(): void {
    const { ballast, files, gauge } = this.#c
    if (gauge.state !== 'full' || ballast.heldBytes > 0 || gauge.look() !== 'full') return
    if (gauge.space.freeBytes >= ballast.targetBytes(gauge.space) * RESERVE_PART) return
    throw new DiskFullError(files.at(-1)?.path ?? '', null)
  }

  #release(): boolean {
    if (!this.#c.ballast.release()) return false
    this.#c.gauge.look()
    this.checkpoint()
    return true
  }

  #say(): void {
    const { logger } = this.#c
    const { ballastBytes, freeBytes, state } = this.facts()
    if (state === this.#said) return
    this.#said = state
    const fields = { state, freeBytes, ballastBytes }
    if (state === 'plenty') logger.info(fields, 'there is room on the disk again')
    else logger.warn(fields, MESSAGES[state])
  }
}

const MESSAGES = {
  low: 'the disk has little room: nothing more is kept for others',
  'own-only': 'the disk has hardly any room: only own records are kept',
  full: 'the disk is full: free some space, there is no need to restart',
} as const satisfies Record<Exclude<SpaceState, 'plenty'>, string>

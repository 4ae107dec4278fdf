import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../util/clock.ts'

const MIB = 1_048_576

/**
 * How much room is left on the disk of the data directory. plenty: as usual · low: nothing more is taken for others than
 * those who are kept whole · own-only: own records only · full: writing has failed, or will; own records still have the
 * ballast's place.
 */
export type SpaceState = 'plenty' | 'low' | 'own-only' | 'full'

/** Bytes of a file system, as far as it says. */
export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
}

/** On a small disk the part counts. */
const LOW_BELOW_BYTES = 1_024 * MIB
const LOW_BELOW_PART = 0.05
const OWN_ONLY_BELOW_BYTES = 128 * MIB
const OWN_ONLY_BELOW_PART = 1 / 8
const FULL_BELOW_BYTES = 8 * MIB
const FULL_BELOW_PART = 1 / 32
/** A state is left only when there is so much more than where it begins. */
const LEAVE_FACTOR = 1.25
const REFRESH_MS = 5_000

const UNKNOWN: DiskSpace = { freeBytes: Number.POSITIVE_INFINITY, totalBytes: Number.POSITIVE_INFINITY }
const ORDER: readonly SpaceState[] = ['plenty', 'low', 'own-only', 'full']

export interface DiskGaugeInit {
  /** A file on the disk. */
  readonly file: string
  readonly readSpace?: ((directory: string) => DiskSpace) | undefined
  /** What the ballast still takes of what is free: that much is no room for anything else. */
  readonly owedBytes?: ((space: DiskSpace) => number) | undefined
}

/** The room on the disk of the data directory, looked at no more than every five seconds. */
export class DiskGauge {
  readonly #clock: Clock
  readonly #directory: string
  readonly #readSpace: (directory: string) => DiskSpace
  readonly #owedBytes: (space: DiskSpace) => number
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #space = UNKNOWN
  #state: SpaceState = 'plenty'

  constructor(components: { readonly clock: Clock }, init: DiskGaugeInit) {
    this.#clock = components.clock
    this.#directory = dirname(init.file)
    this.#readSpace = init.readSpace ?? readSpace
    this.#owedBytes = init.owedBytes ?? (() => 0)
  }

  get state(): SpaceState {
    const now = this.#clock.now()
    if (Math.abs(now - this.#lookedAtMs) >= REFRESH_MS) {
      this.#lookedAtMs = now
      this.look()
    }
    return this.#state
  }

  /** Infinite where the file system doesn't say. */
  get space(): DiskSpace {
    return this.#space
  }

  /** True when what is left is for own records only. */
  get isLow(): boolean {
    return this.state === 'own-only' || this.state === 'full'
  }

  /** Looks now, and not again for a while. */
  look(): SpaceState {
    this.#lookedAtMs = this.#clock.now()
    this.#space = this.#readSpace(this.#directory)
    const reached = this.#stateAt(1)
    const left = this.#stateAt(LEAVE_FACTOR)
    // Worse at once; better only when there is some room to spare.
    if (isWorse(reached, this.#state)) this.#state = reached
    else if (isWorse(this.#state, left)) this.#state = left
    return this.#state
  }

  /** Something could not be written. */
  noteFull(): void {
    this.look()
    this.#state = 'full'
  }

  /** Bytes that are lacking before own records are not the only ones. */
  get lackingBytes(): number {
    return this.isLow ? Math.max(0, this.#ownOnlyBelow() * LEAVE_FACTOR - this.#room()) : 0
  }

  #room(): number {
    return this.#space.freeBytes - this.#owedBytes(this.#space)
  }

  #ownOnlyBelow(): number {
    return Math.min(OWN_ONLY_BELOW_BYTES, this.#space.totalBytes * OWN_ONLY_BELOW_PART)
  }

  #stateAt(factor: number): SpaceState {
    const room = this.#room()
    const { totalBytes } = this.#space
    if (room < Math.min(FULL_BELOW_BYTES, totalBytes * FULL_BELOW_PART) * factor) return 'full'
    if (room < this.#ownOnlyBelow() * factor) return 'own-only'
    return room < Math.min(LOW_BELOW_BYTES, totalBytes * LOW_BELOW_PART) * factor ? 'low' : 'plenty'
  }
}

/** True when `a` has less room than `b`. */
function isWorse(a: SpaceState, b: SpaceState): boolean {
  return ORDER.indexOf(a) > ORDER.indexOf(b)
}

/** A file system that doesn't say is trusted until a write fails. */
function readSpace(directory: string): DiskSpace {
  try {
    const { bavail, blocks, bsize } = statfsSync(directory)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return UNKNOWN
  }
}

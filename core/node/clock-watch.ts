import type { NetworkStatus } from '../contract/views.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'

/** Beyond this other peers hold back what is written here, or it sorts far from where it belongs. */
export const MAX_CLOCK_OFFSET_MS = 120_000

const MAX_SEEDS = 256
/** More than this between two looks is a clock that was set, or a computer that slept: what was known before is void. */
const JUMP_MS = 10_000

/** Milliseconds since some moment; runs on evenly when the wall clock is set, and may stand still in sleep. */
export const steadyClock: Clock = { now: () => Math.round(performance.now()) }

export interface ClockWatchComponents {
  readonly logger: Logger
  readonly clock: Clock
  /** Tells that the other one was set. */
  readonly steady: Clock
}

export interface ClockWatchInit {
  /** The clock was set, or the computer slept: seeds should be greeted anew. */
  readonly onJump: () => void
  /** The clock agrees with those of the seeds, for the first time since the start, a jump or a warning. */
  readonly onRight: () => void
  /** Peer IDs of the seeds that are connected now. */
  readonly seeds: () => readonly string[]
}

/**
 * Compares this clock with those of connected seeds, which each greeting carries. A seed that lies is one voice: the
 * median counts. Once this clock is set anything that was measured before is forgotten at the next look.
 */
export class ClockWatch {
  readonly #components: ClockWatchComponents
  readonly #onJump: () => void
  readonly #onRight: () => void
  readonly #seeds: () => readonly string[]
  /** How far each peer's clock is ahead of this one, milliseconds. */
  readonly #offsets = new LruMap<string, number>(MAX_SEEDS)
  #hasWarned = false
  #isRight = false
  /** This clock less the steady one, as last seen. */
  #base: number

  constructor(components: ClockWatchComponents, init: ClockWatchInit) {
    this.#components = components
    this.#onJump = init.onJump
    this.#onRight = init.onRight
    this.#seeds = init.seeds
    this.#base = this.#sinceStart()
  }

  noteSync(event: SyncEvent): void {
    if (event.type !== 'hello' || event.hello.role !== 'seed') return
    this.#noteJump()
    this.#offsets.set(event.peerId, event.clockOffsetMs)
    const { offsetMs, warning } = this.status()
    const wasRight = this.#isRight
    this.#isRight = offsetMs !== null && !warning
    if (this.#isRight && !wasRight) this.#onRight()
    if (!warning || this.#hasWarned) return
    this.#hasWarned = true
    this.#components.logger.warn(
      { offsetMs },
      'the clock of this computer differs from those of the seeds by more than two minutes',
    )
  }

  status(): NetworkStatus['clock'] {
    if (this.#noteJump()) this.#onJump()
    const offsets = this.#seeds().flatMap((peerId) => this.#offsets.peek(peerId) ?? [])
    if (offsets.length === 0) return { offsetMs: null, warning: false }
    const offsetMs = 0 - medianOf(offsets)
    return { offsetMs, warning: Math.abs(offsetMs) > MAX_CLOCK_OFFSET_MS }
  }

  #noteJump(): boolean {
    const base = this.#sinceStart()
    const hasJumped = Math.abs(base - this.#base) > JUMP_MS
    this.#base = base
    if (hasJumped) {
      this.#offsets.clear()
      this.#isRight = false
    }
    return hasJumped
  }

  #sinceStart(): number {
    return this.#components.clock.now() - this.#components.steady.now()
  }
}

/** A whole number; of an even count the mean of the two in the middle. */
function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number]
  return Math.round((low + high) / 2)
}

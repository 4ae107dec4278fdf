import type { NetworkStatus } from '../contract/views.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'

/** Beyond this other peers hold back what is written here, or it sorts far from where it belongs. */
export const MAX_CLOCK_OFFSET_MS = 120_000

const MAX_SEEDS = 256

export interface ClockWatchInit {
  /** Peer IDs of the seeds that are connected now. */
  readonly seeds: () => readonly string[]
}

/**
 * Compares this clock with those of connected seeds, which each greeting carries. A seed that lies is one voice: the
 * median counts.
 */
export class ClockWatch {
  readonly #logger: Logger
  readonly #seeds: () => readonly string[]
  /** How far each peer's clock is ahead of this one, milliseconds. */
  readonly #offsets = new LruMap<string, number>(MAX_SEEDS)
  #hasWarned = false

  constructor(components: { readonly logger: Logger }, init: ClockWatchInit) {
    this.#logger = components.logger
    this.#seeds = init.seeds
  }

  noteSync(event: SyncEvent): void {
    if (event.type !== 'hello' || event.hello.role !== 'seed') return
    this.#offsets.set(event.peerId, event.clockOffsetMs)
    const { offsetMs, warning } = this.status()
    if (!warning || this.#hasWarned) return
    this.#hasWarned = true
    this.#logger.warn(
      { offsetMs },
      'the clock of this computer differs from those of the seeds by more than two minutes',
    )
  }

  status(): NetworkStatus['clock'] {
    const offsets = this.#seeds().flatMap((peerId) => this.#offsets.peek(peerId) ?? [])
    if (offsets.length === 0) return { offsetMs: null, warning: false }
    const offsetMs = 0 - medianOf(offsets)
    return { offsetMs, warning: Math.abs(offsetMs) > MAX_CLOCK_OFFSET_MS }
  }
}

/** A whole number; of an even count the mean of the two in the middle. */
function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number]
  return Math.round((low + high) / 2)
}

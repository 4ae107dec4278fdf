import type { Startable } from '../util/startable.ts'
import type { SyncScheduler } from './scheduler.ts'
import type { SyncEvent, SyncService } from './sync-service.ts'

export interface OnwardTimes {
  /** Wait for further sessions that bring something. */
  readonly delayMs: number
  /** Shortest time between two rounds. */
  readonly pauseMs: number
}

export const ONWARD_TIMES: OnwardTimes = { delayMs: 500, pauseMs: 3_000 }

export interface OnwardComponents {
  readonly service: Pick<SyncService, 'subscribe'>
  readonly scheduler: Pick<SyncScheduler, 'requestEverything'>
}

/**
 * Hands on what was caught up with (SYN14). Where a network was in two parts, a few nodes meet the other part again and
 * everybody behind them has nothing but their own timers: gossip doesn't repeat what is old. So a session about
 * everything that brought something is followed by such sessions with others, and theirs by further ones, until nobody
 * hears anything new. What alike nodes say to each other in them is a few kilobytes.
 */
export class Onward implements Startable {
  readonly #components: OnwardComponents
  readonly #times: OnwardTimes
  /** Peers that the news came from. */
  readonly #sources = new Set<string>()
  #unsubscribe: (() => void) | null = null
  #timer: NodeJS.Timeout | null = null
  #isStopped = false

  constructor(components: OnwardComponents, init: { readonly times?: OnwardTimes } = {}) {
    this.#components = components
    this.#times = init.times ?? ONWARD_TIMES
  }

  start(): void {
    this.#unsubscribe = this.#components.service.subscribe((event) => this.#note(event))
  }

  stop(): void {
    this.#isStopped = true
    this.#unsubscribe?.()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #note(event: SyncEvent): void {
    if (this.#isStopped || event.type !== 'done' || event.scope !== null) return
    // One that isn't complete goes on at once, and the last of them counts.
    if (event.summary.newRecords + event.summary.newOperations === 0 || !event.summary.isComplete) return
    this.#sources.add(event.peerId)
    this.#timer ??= setTimeout(() => this.#round(), this.#times.delayMs)
  }

  #round(): void {
    // Several brought something each: what one of them brought the others may lack.
    const known = this.#sources.size === 1 ? [...this.#sources] : []
    this.#sources.clear()
    this.#components.scheduler.requestEverything(known)
    this.#timer = setTimeout(() => {
      this.#timer = null
      if (this.#sources.size > 0) this.#round()
    }, this.#times.pauseMs)
  }
}

import type { Clock } from '../util/clock.ts'
import { LruMap } from '../util/lru-map.ts'
import { SyncError } from './errors.ts'
import type { PeerState } from './peer-state.ts'
import type { SyncService } from './sync-service.ts'

const MAX_REMEMBERED = 1_000

export interface EarlyEndTimes {
  /** A session may go on for so long while something urgent waits for it. */
  readonly yieldMs: number
  /** And the next one with that peer for so long, so that a person who follows one after the other stops nothing for good. */
  readonly yieldPauseMs: number
}

/**
 * Ends long sessions early where a person waits for something else of that peer (SYN14): there is one session a peer, and
 * catching up can take minutes. What came is kept; what is left is asked for again afterwards.
 */
export class EarlyEnds {
  readonly #service: Pick<SyncService, 'endGuest'>
  readonly #clock: Clock
  readonly #times: EarlyEndTimes
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** By peer: when a session was ended early last. */
  readonly #endedMs = new LruMap<string, number>(MAX_REMEMBERED)

  constructor(
    components: { readonly service: Pick<SyncService, 'endGuest'>; readonly clock: Clock },
    init: { readonly times: EarlyEndTimes },
  ) {
    this.#service = components.service
    this.#clock = components.clock
    this.#times = init.times
  }

  /** Something urgent was put into the plan of this peer. */
  note(peer: PeerState): void {
    const { peerId, plan } = peer
    if (!plan.hasUrgent || this.#timers.has(peerId)) return
    const { yieldMs, yieldPauseMs } = this.#times
    const freeMs = (this.#endedMs.peek(peerId) ?? -yieldPauseMs) + yieldPauseMs
    const waitMs = Math.max(yieldMs, Math.min(yieldPauseMs, freeMs - this.#clock.now()))
    const timer = setTimeout(() => {
      this.#timers.delete(peerId)
      if (plan.hasUrgent) this.#end(peer)
    }, waitMs)
    timer.unref()
    this.#timers.set(peerId, timer)
  }

  forget(peerId: string): void {
    clearTimeout(this.#timers.get(peerId))
    this.#timers.delete(peerId)
  }

  stop(): void {
    for (const peerId of [...this.#timers.keys()]) this.forget(peerId)
  }

  #end(peer: PeerState): void {
    const { peerId, plan, session } = peer
    if (session !== null) session.abort(new SyncError('busy', 'something urgent is to be synced first'))
    else if (!this.#service.endGuest(peerId)) return
    // What the other side had begun isn't in the plan.
    else plan.addEverything()
    this.#endedMs.set(peerId, this.#clock.now())
  }
}

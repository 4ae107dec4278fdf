/** Peers with which feeds are read: who offers them, and for how long who broke one is left alone. */
import type { IngestOutcome } from '../../ingest/door.ts'
import type { HostEvent } from '../../net/peer-host.ts'
import type { Clock } from '../../util/clock.ts'
import { LruMap } from '../../util/lru-map.ts'
import { SyncError } from '../errors.ts'
import { FEED_PROTOCOL } from './limits.ts'
import type { NamedFault } from './named-watch.ts'

const MAX_REMEMBERED = 1_000

/** Why a peer's feed was given up. */
export type FeedFault = NamedFault | 'behind' | 'silent' | 'invalid'

export interface FeedPatience {
  /** First wait before a feed that broke is opened again; doubles up to `faultyMs`. */
  readonly retryMs: number
  /** A peer at fault is left alone for this long. */
  readonly faultyMs: number
}

interface Standing {
  readonly failures: number
  readonly untilMs: number
}

export class FeedPeers {
  readonly #clock: Clock
  readonly #patience: FeedPatience
  readonly #speakers = new LruMap<string, true>(MAX_REMEMBERED)
  readonly #standing = new LruMap<string, Standing>(MAX_REMEMBERED)

  constructor(components: { readonly clock: Clock }, patience: FeedPatience) {
    this.#clock = components.clock
    this.#patience = patience
  }

  /** True where it makes somebody known who offers feeds. */
  noteHostEvent(event: HostEvent): boolean {
    if (event.type !== 'peer-identified' || !event.protocols.includes(FEED_PROTOCOL)) return false
    this.#speakers.set(event.peerId, true)
    return true
  }

  /** It offers feeds and isn't left alone. */
  isFree(peerId: string): boolean {
    return this.#speakers.peek(peerId) === true && this.waitMs(peerId) <= 0
  }

  /** Until it may be asked again, milliseconds; none or less where it may. */
  waitMs(peerId: string): number {
    return (this.#standing.peek(peerId)?.untilMs ?? 0) - this.#clock.now()
  }

  noteWell(peerId: string): void {
    this.#standing.delete(peerId)
  }

  /** What can happen to anybody. Answers the wait that follows, milliseconds. */
  noteFailure(peerId: string): number {
    const { retryMs, faultyMs } = this.#patience
    const failures = this.#standing.peek(peerId)?.failures ?? 0
    return this.#leaveAlone(peerId, Math.min(faultyMs, retryMs * 2 ** Math.min(failures, 20)))
  }

  /** What no honest peer does. Answers the wait that follows, milliseconds. */
  noteFault(peerId: string): number {
    return this.#leaveAlone(peerId, this.#patience.faultyMs)
  }

  #leaveAlone(peerId: string, waitMs: number): number {
    const failures = (this.#standing.peek(peerId)?.failures ?? 0) + 1
    this.#standing.set(peerId, { failures, untilMs: this.#clock.now() + waitMs })
    return waitMs
  }
}

/** Authors of whom records came whose chain isn't here, or not all of it. */
export function strangersOf(outcomes: readonly IngestOutcome[]): Uint8Array[] {
  return outcomes.flatMap(({ verdict, author }) => (verdict.verdict === 'hold' ? (author ?? []) : []))
}

/** What the other side did wrong; null for what can happen to anybody. */
export function faultOf(error: unknown): FeedFault | null {
  if (!(error instanceof SyncError) || error.isRemote) return null
  switch (error.code) {
    case 'stalled':
      return 'silent'
    case 'truncated':
    case 'busy':
    case 'unavailable':
    case 'budget':
      return null
    default:
      return 'invalid'
  }
}

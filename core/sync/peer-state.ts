import { equalBytes } from '../util/bytes.ts'
import { SyncError } from './errors.ts'
import { SyncPlan } from './sync-plan.ts'

/** After so many vain hints in a row the next 255 rounds of that peer's hints are passed over, about a quarter of an hour. */
const MAX_VAIN_HINTS = 8

/** What the scheduler knows of one connected peer. */
export interface PeerState {
  readonly peerId: string
  readonly plan: SyncPlan
  isSeed: boolean
  isRunning: boolean
  /** Ends the session of this side that is under way, or waits for its turn; null while there is none. */
  session: AbortController | null
  /** Authors in hex of whom something is asked for in the session under way. */
  asked: ReadonlySet<string>
  failures: number
  /** Times in a row that it was busy. */
  refusals: number
  rounds: number
  /** The next session is one about its own hints; how many in a row found nothing; how many rounds are overheard. */
  hasHinted: boolean
  vainHints: number
  mutedHints: number
  /** The peer whose shortfall this one is asked to make up for, null for none. */
  repairsFor: string | null
  /** Waits for its next attempt, its first session or its next full one. */
  timer: NodeJS.Timeout | null
}

export function newPeer(peerId: string): PeerState {
  return {
    peerId,
    plan: new SyncPlan(),
    isSeed: false,
    isRunning: false,
    session: null,
    asked: new Set(),
    failures: 0,
    refusals: 0,
    rounds: 0,
    hasHinted: false,
    vainHints: 0,
    mutedHints: 0,
    repairsFor: null,
    timer: null,
  }
}

/** Waits after failures: the first, and the longest. */
export interface RetryTimes {
  readonly retryMs: number
  readonly maxRetryMs: number
  readonly busyMs: number
  readonly maxBusyMs: number
}

/** Counts a session that failed and answers how long this peer is left alone, in milliseconds. */
export function delayAfter(peer: PeerState, error: unknown, times: RetryTimes): number {
  const { retryMs, maxRetryMs, busyMs, maxBusyMs } = times
  if (error instanceof SyncError && error.code === 'busy') return doubled(busyMs, maxBusyMs, peer.refusals++)
  if (error instanceof SyncError && error.code === 'invalid-record' && !error.isRemote) {
    peer.failures++
    return maxRetryMs
  }
  return doubled(retryMs, maxRetryMs, peer.failures++)
}

function doubled(firstMs: number, maxMs: number, times: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(times, 20))
}

/** After hints in which there was nothing, twice as many rounds of that peer's hints are passed over each time. */
export function noteHints(peer: PeerState, hasFound: boolean): void {
  if (hasFound) peer.vainHints = 0
  else if (peer.hasHinted) {
    peer.mutedHints = 2 ** peer.vainHints - 1
    peer.vainHints = Math.min(peer.vainHints + 1, MAX_VAIN_HINTS)
  }
  peer.hasHinted = false
}

/** Who is asked first: who keeps its word, then that peer, then seeds. */
export function rankOf(peer: PeerState, preferred: string | null, owes = false): number {
  return (owes ? -4 : 0) + (peer.peerId === preferred ? 2 : 0) + (peer.isSeed ? 1 : 0)
}

/** True for everything, and for a scope with this author. */
export function isAbout(scope: readonly Uint8Array[] | null, author: Uint8Array): boolean {
  return scope === null || scope.some((other) => equalBytes(other, author))
}

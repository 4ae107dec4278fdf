import { equalBytes } from '../util/bytes.ts'
import { SyncPlan } from './sync-plan.ts'

/** After so many vain hints in a row the next 255 rounds of that peer's hints are passed over, about a quarter of an hour. */
const MAX_VAIN_HINTS = 8

/** What the scheduler knows of one connected peer. */
export interface PeerState {
  readonly peerId: string
  readonly plan: SyncPlan
  isSeed: boolean
  isRunning: boolean
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

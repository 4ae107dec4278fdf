/**
 * Whom to dial now: seeds of several operators, devices of people whom one wants to hear, a few others. Slots of these
 * kinds don't depend on who dialled in, so that a crowd that fills a node's inbound connections surrounds nobody.
 */
import type { PeerCard } from '../record/peer-card.ts'
import { toHex } from '../util/bytes.ts'

/** A connection as the plan sees it. */
export interface PlannedPeer {
  /** 32-byte key of the device. */
  readonly device: Uint8Array
  readonly isSeed: boolean
  /** 32-byte address of the account that says it runs there, null for none. */
  readonly author: Uint8Array | null
  readonly isWanted: boolean
  /** This side dialled. */
  readonly isOutbound: boolean
}

/** How many of each kind are wanted at the same time. */
export interface PlanGoals {
  /** Operators of seeds. */
  readonly operators: number
  /** Devices of wanted authors. */
  readonly friends: number
  /** Neither, dialled by this side. */
  readonly others: number
}

export const DESKTOP_GOALS: PlanGoals = { operators: 3, friends: 4, others: 2 }
/** No seed can be reached: people reach each other. */
export const DIRECT_GOALS: PlanGoals = { operators: 3, friends: 12, others: 8 }
/** Seeds carry for everybody: they hold together among themselves. */
export const SEED_GOALS: PlanGoals = { operators: 8, friends: 4, others: 0 }

/** What can be dialled, best first within each kind. */
export interface PlanCandidates {
  readonly seeds: readonly PeerCard[]
  readonly wanted: readonly PeerCard[]
  readonly others: readonly PeerCard[]
}

/** One more than is lacking is tried, so that a silent one costs no round. */
const SPARE = 1

/** Cards to dial now; empty when there is enough of everything. */
export function planDials(peers: readonly PlannedPeer[], candidates: PlanCandidates, goals: PlanGoals): PeerCard[] {
  const connected = new Set(peers.map(({ device }) => toHex(device)))
  const isFree = ({ device }: PeerCard) => !connected.has(toHex(device))
  const operators = new Set(peers.filter(({ isSeed }) => isSeed).map(operatorOf))
  const friends = peers.filter(({ isWanted }) => isWanted).length
  const others = peers.filter(({ isWanted, isSeed, isOutbound }) => !isWanted && !isSeed && isOutbound).length

  const planned: PeerCard[] = []
  const missing = (have: number, want: number) => (have >= want ? 0 : want - have + SPARE)
  const newOperators = candidates.seeds.filter((card) => isFree(card) && !operators.has(operatorOf(card)))
  const anySeed = candidates.seeds.filter(isFree)
  // A second seed of one operator is better than none.
  const seeds = newOperators.length > 0 || operators.size > 0 ? newOperators : anySeed
  planned.push(...seeds.slice(0, missing(operators.size, goals.operators)))
  planned.push(...candidates.wanted.filter(isFree).slice(0, missing(friends, goals.friends)))
  planned.push(...candidates.others.filter(isFree).slice(0, missing(others, goals.others)))
  return planned
}

/** Whoever answers for the seed; one without an account answers for itself. */
function operatorOf({ author, device }: { readonly author: Uint8Array | null; readonly device: Uint8Array }): string {
  return toHex(author ?? device)
}

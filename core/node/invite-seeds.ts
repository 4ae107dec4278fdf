/** Which addresses an invitation names: those that everybody reaches first, of as many operators as there are. */
import type { InviteSeed } from '../contract/invitations.ts'
import { compareAddresses, isCircuit, isLoopbackAddress, isPublicAddress, parseAddress } from '../net/addresses.ts'
import { isSeedLike } from '../record/invitation.ts'

/** More make the link long and are rarely dialled. */
const SUGGESTED_SEEDS = 3
/** Of each list that candidates come from; who makes an invitation looks through them. */
const MAX_OFFERED = 12

export interface SeedCandidate {
  readonly peerId: string
  /** With the peer ID at the end. */
  readonly addresses: readonly string[]
  readonly name: string
  readonly isConnected: boolean
  /** Who answers for it; the peer ID where nobody is known to. */
  readonly operator: string
  readonly kind: InviteSeed['kind']
}

/** Whom an address means something to. */
export function scopeOf(address: string): InviteSeed['scope'] {
  if (isLoopbackAddress(address)) return 'loopback'
  return isPublicAddress(address) ? 'public' : 'private'
}

/**
 * One address of each seed, the best: connected ones and those that everybody reaches first, no operator twice before all
 * stood once, this node itself last. Suggested are the first few, of different operators as far as there are; this node
 * only where there is no seed. Loopback addresses only where they mean something to others (`isLocal`).
 */
export function rankSeeds(candidates: readonly SeedCandidate[], isLocal: boolean): InviteSeed[] {
  const seen = new Set<string>()
  const options = candidates.flatMap((candidate) => {
    const address = bestOf(candidate.addresses, isLocal)
    if (address === undefined || seen.has(candidate.peerId)) return []
    seen.add(candidate.peerId)
    return [{ ...candidate, address, scope: scopeOf(address) }]
  })
  const ranked = options.sort(
    (a, b) =>
      Number(a.kind === 'own') - Number(b.kind === 'own') ||
      rankOf(a.scope) - rankOf(b.scope) ||
      Number(b.isConnected) - Number(a.isConnected),
  )
  const operators = new Set<string>()
  const first = ranked.filter(({ operator }) => !operators.has(operator) && operators.add(operator))
  const order = [...first, ...ranked.filter((option) => !first.includes(option))]
  const seeds = order.filter(({ kind }) => kind === 'seed').slice(0, MAX_OFFERED)
  const own = order.filter(({ kind }) => kind === 'own')
  return [...seeds, ...own].map(({ address, peerId, name, scope, isConnected, kind }, at) => ({
    address,
    peerId,
    name,
    scope,
    isConnected,
    kind,
    isSuggested: at < SUGGESTED_SEEDS && (kind === 'seed' || seeds.length === 0),
  }))
}

/** Public before private, plain TCP before the rest; through a relay only where there is nothing else. */
function bestOf(addresses: readonly string[], isLocal: boolean): string | undefined {
  const usable = addresses.filter((address) => isSeedLike(address) && parseAddress(address) !== undefined)
  return usable
    .filter((address) => isLocal || scopeOf(address) !== 'loopback')
    .sort(
      (a, b) =>
        rankOf(scopeOf(a)) - rankOf(scopeOf(b)) ||
        Number(isCircuit(a)) - Number(isCircuit(b)) ||
        compareAddresses(a, b) ||
        addresses.indexOf(a) - addresses.indexOf(b),
    )[0]
}

function rankOf(scope: InviteSeed['scope']): number {
  return ['public', 'private', 'loopback'].indexOf(scope)
}

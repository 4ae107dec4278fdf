import { ipOf, parseAddress } from '../net/addresses.ts'
import type { PeerConnection } from '../net/peer-host.ts'
import type { PeerNotes } from '../net/peer-manager.ts'
import type { FeedCandidate } from '../sync/feed/pick-homes.ts'

/** Connected seeds that may feed this node, those it knows longest first. */
export function feedCandidates(
  connections: readonly PeerConnection[],
  notesOf: (peerId: string) => Pick<PeerNotes, 'role' | 'profile'>,
): readonly FeedCandidate[] {
  return connections
    .filter(({ peerId }) => notesOf(peerId).role === 'seed')
    .toSorted((a, b) => a.connectedSince - b.connectedSince)
    .map(({ peerId, address, direction }) => ({
      peerId,
      operator: notesOf(peerId).profile ?? neighbourhoodOf(address) ?? peerId,
      isDialled: direction === 'out',
    }))
}

/** Machines of one host often lie side by side: the first half of an IPv4 address, the first 32 bits of an IPv6 one. */
function neighbourhoodOf(address: string): string | null {
  const parsed = parseAddress(address)
  const ip = parsed === undefined ? null : ipOf(parsed)
  if (ip === null) return null
  return ip.host
    .split(ip.family === 'ipv4' ? '.' : ':')
    .slice(0, 2)
    .join('.')
}

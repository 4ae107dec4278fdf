import type { PeerView } from '../../../core/contract/views.ts'

/** How a connection goes: nearby on the same network, by way of a relay, or straight through the internet. */
export type PeerWay = 'near' | 'relayed' | 'direct'

/** Private, loopback and link-local, as the node sees them (RCH10). */
const NEAR = /^\/ip4\/(?:10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.|^\/ip6\/(?:::1|f[cd]|fe[89ab])/u

export function wayOf({ address, isRelayed }: Pick<PeerView, 'address' | 'isRelayed'>): PeerWay {
  if (isRelayed === true) return 'relayed'
  return NEAR.test(address) && !address.includes('/p2p-circuit') ? 'near' : 'direct'
}

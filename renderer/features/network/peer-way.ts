import type { PeerView } from '../../../core/contract/views.ts'

/** How a connection goes: nearby on the same network, by way of a relay, or straight through the internet. */
export type PeerWay = 'near' | 'relayed' | 'direct'

/** Private, loopback and link-local, as the node sees them (RCH10). */
const NEAR = /^\/ip4\/(?:10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.|^\/ip6\/(?:::1|f[cd]|fe[89ab])/u

/** WebRTC goes straight: its address names the relay that it was arranged through. */
const CIRCUIT = /\/p2p-circuit(\/webrtc)?/u

export function wayOf({ address, isRelayed }: Pick<PeerView, 'address' | 'isRelayed'>): PeerWay {
  const circuit = CIRCUIT.exec(address)
  // A relay without limits doesn't show in `isRelayed`.
  if (isRelayed === true || (circuit !== null && circuit[1] === undefined)) return 'relayed'
  return NEAR.test(address) && circuit === null ? 'near' : 'direct'
}

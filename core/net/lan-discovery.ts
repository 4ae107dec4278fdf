import type { PeerDiscovery } from '@libp2p/interface'
import { type MulticastDNSComponents, mdns } from '@libp2p/mdns'

/** A node on the same network that said so by multicast. */
export interface LanPeer {
  readonly peerId: string
  /** Multiaddrs. */
  readonly addresses: readonly string[]
}

/**
 * Finds nodes of this network on the LAN by multicast DNS (RFC 6762), and is found by them; libp2p itself dials none of
 * them. `network` is the signature domain: nodes of others are not seen.
 */
export function lanDiscovery(
  network: string,
  onPeer: (peer: LanPeer) => void,
): (components: MulticastDNSComponents) => PeerDiscovery {
  return (components) => {
    const discovery = mdns({ serviceTag: `_${network}._udp.local` })(components)
    discovery.addEventListener('peer', ({ detail }) => {
      onPeer({
        peerId: detail.id.toString(),
        addresses: detail.multiaddrs.map((address) => address.toString()),
      })
    })
    return discovery
  }
}

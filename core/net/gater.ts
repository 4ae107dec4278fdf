import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { AddressRanges } from './addresses.ts'
import type { BanBook } from './ban-book.ts'

/**
 * Says which connections may be: nothing outside `ranges` where those are given (a local network never leaves the
 * machine, in either direction), and no peer that is banned.
 */
export class Gater {
  readonly #bans: Pick<BanBook, 'isBanned'>
  readonly #ranges: AddressRanges | null

  constructor(components: { readonly bans: Pick<BanBook, 'isBanned'> }, init: { ranges: AddressRanges | null }) {
    this.#bans = components.bans
    this.#ranges = init.ranges
  }

  allows(address: Multiaddr): boolean {
    return this.#ranges === null || this.#ranges.contains(address)
  }

  connectionGater(): ConnectionGater {
    const denyPeer = (peerId: PeerId) => this.#bans.isBanned(peerId.toString())
    return {
      denyDialPeer: denyPeer,
      denyDialMultiaddr: (address) => !this.allows(address),
      denyInboundConnection: (connection) => !this.allows(connection.remoteAddr),
      denyOutboundConnection: (_peerId, connection) => !this.allows(connection.remoteAddr),
      denyInboundEncryptedConnection: denyPeer,
      denyOutboundEncryptedConnection: denyPeer,
      // The relay may be anybody; whom it brings may not.
      denyInboundRelayedConnection: (_relay, peerId) => denyPeer(peerId),
    }
  }
}

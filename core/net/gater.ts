import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { AddressRanges } from './addresses.ts'
import type { BanBook } from './ban-book.ts'
import type { Cut } from './cut.ts'

/**
 * Says which connections may be: nothing outside `ranges` where those are given (a local network never leaves the
 * machine, in either direction), no peer that is banned, and nothing that is cut.
 */
export class Gater {
  readonly #bans: Pick<BanBook, 'isBanned'>
  readonly #cut: Cut
  readonly #ranges: AddressRanges | null

  constructor(
    components: { readonly bans: Pick<BanBook, 'isBanned'>; readonly cut: Cut },
    init: { ranges: AddressRanges | null },
  ) {
    this.#bans = components.bans
    this.#cut = components.cut
    this.#ranges = init.ranges
  }

  allows(address: Multiaddr): boolean {
    return this.#ranges === null || this.#ranges.contains(address)
  }

  connectionGater(): ConnectionGater {
    const isDenied = (peerId: string) => this.#bans.isBanned(peerId) || this.#cut.coversPeer(peerId)
    const denyPeer = (peerId: PeerId) => isDenied(peerId.toString())
    const denyAddress = (address: Multiaddr) => !this.allows(address) || this.#cut.coversAddress(address.toString())
    return {
      denyDialPeer: denyPeer,
      denyDialMultiaddr: denyAddress,
      denyInboundConnection: (connection) => denyAddress(connection.remoteAddr),
      denyOutboundConnection: (_peerId, connection) => denyAddress(connection.remoteAddr),
      denyInboundEncryptedConnection: denyPeer,
      denyOutboundEncryptedConnection: denyPeer,
      // The relay may be anybody who isn't cut; whom it brings may not.
      denyInboundRelayedConnection: (relay, peerId) => denyPeer(peerId) || this.#cut.coversPeer(relay.toString()),
    }
  }
}

import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../util/clock.ts'
import type { AddressRanges } from './addresses.ts'
import type { Cut } from './cut.ts'
import { MAX_REFUSED_PEERS } from './net-limits.ts'

/**
 * Says which connections may be: nothing outside `ranges` where those are given (a local network never leaves the
 * machine, in either direction), no peer that is refused for the time being, and nothing that is cut.
 */
export class Gater {
  readonly #clock: Clock
  readonly #cut: Cut
  readonly #ranges: AddressRanges | null
  /** Peer ID → end of the refusal, milliseconds since 1970; in order of insertion. */
  readonly #refused = new Map<string, number>()

  constructor(components: { clock: Clock; cut: Cut }, init: { ranges: AddressRanges | null }) {
    this.#clock = components.clock
    this.#cut = components.cut
    this.#ranges = init.ranges
  }

  /** The newest refusals are kept when there are more than `MAX_REFUSED_PEERS`. */
  refuse(peerId: string, durationMs: number): void {
    this.#refused.delete(peerId)
    this.#refused.set(peerId, this.#clock.now() + durationMs)
    if (this.#refused.size <= MAX_REFUSED_PEERS) return
    const oldest = this.#refused.keys().next()
    if (oldest.done !== true) this.#refused.delete(oldest.value)
  }

  isRefused(peerId: string): boolean {
    const until = this.#refused.get(peerId)
    if (until === undefined) return false
    if (until > this.#clock.now()) return true
    this.#refused.delete(peerId)
    return false
  }

  allows(address: Multiaddr): boolean {
    return this.#ranges === null || this.#ranges.contains(address)
  }

  connectionGater(): ConnectionGater {
    const denyPeer = (peerId: PeerId) => this.isRefused(peerId.toString()) || this.#cut.coversPeer(peerId.toString())
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

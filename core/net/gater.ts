import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../util/clock.ts'
import type { AddressRanges } from './addresses.ts'
import { MAX_REFUSED_PEERS } from './net-limits.ts'

/**
 * Says which connections may be: nothing outside `ranges` where those are given (a local network never leaves the
 * machine, in either direction), and no peer that is refused for the time being.
 */
export class Gater {
  readonly #clock: Clock
  readonly #ranges: AddressRanges | null
  /** Peer ID → end of the refusal, milliseconds since 1970; in order of insertion. */
  readonly #refused = new Map<string, number>()

  constructor(components: { clock: Clock }, init: { ranges: AddressRanges | null }) {
    this.#clock = components.clock
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
    const denyPeer = (peerId: PeerId) => this.isRefused(peerId.toString())
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

import { isCircuit, parseAddress, peerIdsOf } from './addresses.ts'

/** What is kept out for a while. The answers may change while the rule holds: a peer says only later what it is. */
export interface CutRule {
  coversPeer(peerId: string): boolean
  /** Of a multiaddr as text, either end of a connection or one that might be dialled. */
  coversAddress(address: string): boolean
}

/**
 * What this node keeps out of its own will for a while, as if those peers or that part of the network were gone. It lies
 * in memory alone: a node that starts cuts nothing.
 */
export class Cut {
  #rule: CutRule | null = null
  readonly #enforcers = new Set<() => void>()

  /** Null lets everybody in again. Open connections that are covered now are closed. */
  set(rule: CutRule | null): void {
    this.#rule = rule
    this.enforce()
  }

  /** Closes what has turned out to be covered since. */
  enforce(): void {
    for (const enforcer of this.#enforcers) enforcer()
  }

  /** Who closes connections; returns the function that ends that. */
  onEnforce(enforcer: () => void): () => void {
    this.#enforcers.add(enforcer)
    return () => this.#enforcers.delete(enforcer)
  }

  coversPeer(peerId: string): boolean {
    return this.#rule?.coversPeer(peerId) === true
  }

  /** The address itself, or one of the peers that it names: the one at its end, and a relay on the way. */
  coversAddress(address: string): boolean {
    const rule = this.#rule
    if (rule === null) return false
    return rule.coversAddress(address) || namedIn(address).some((peerId) => rule.coversPeer(peerId))
  }

  /** A connection that is open. Once it crosses by WebRTC it doesn't need the relay any more whose name it bears. */
  coversConnection(peerId: string, address: string): boolean {
    const rule = this.#rule
    if (rule === null) return false
    if (rule.coversPeer(peerId) || rule.coversAddress(address)) return true
    const needsRelay = isCircuit(address) && !address.includes('/webrtc')
    return needsRelay && namedIn(address).some((relay) => rule.coversPeer(relay))
  }
}

function namedIn(address: string): string[] {
  const parsed = parseAddress(address)
  return parsed === undefined ? [] : peerIdsOf(parsed)
}

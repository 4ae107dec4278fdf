import type { NetworkStatus } from '../../core/contract/views.ts'
import type { Connection } from '../rpc/transport.ts'

export type ChipState = 'connected' | 'seedsOnly' | 'peersOnly' | 'connecting' | 'offline' | 'lost' | 'expired'

export interface NetworkSummary {
  state: ChipState
  seeds: number
  /** Connected nodes that are no seeds. */
  peers: number
}

/** What the connection chip says: the way to the node first, then the node's way to others. */
export function summarizeNetwork(connection: Connection, status: NetworkStatus | undefined): NetworkSummary {
  const seeds = status?.peers.filter((peer) => peer.role === 'seed').length ?? 0
  const peers = (status?.peers.length ?? 0) - seeds
  if (connection === 'lost' || connection === 'expired') return { state: connection, seeds: 0, peers: 0 }
  if (status === undefined || status.state === 'starting' || status.state === 'connecting') {
    return { state: 'connecting', seeds, peers }
  }
  if (status.state === 'offline') return { state: 'offline', seeds, peers }
  if (seeds === 0) return { state: 'peersOnly', seeds, peers }
  return { state: peers === 0 ? 'seedsOnly' : 'connected', seeds, peers }
}

/** How the own records are kept by others, from what connected seeds have acknowledged. */
export interface OwnHolding {
  records: number
  /** Records that no seed has acknowledged. */
  unheld: number
  /** Connected seeds that hold every own record, by name. */
  full: string[]
  /** Connected seeds that hold some of them only. */
  partial: string[]
  cause: 'none' | 'held' | 'sending' | 'noSeed' | 'offline'
}

export function summarizeHolding(
  status: NetworkStatus,
  nameOf: (peer: NetworkStatus['peers'][number]) => string,
): OwnHolding {
  const { ownRecords: records, ownUnheld: unheld } = status.storage
  const seeds = status.peers.filter((peer) => peer.role === 'seed')
  const full = seeds.filter((peer) => records > 0 && peer.ownHeld >= records).map(nameOf)
  const partial = seeds.filter((peer) => peer.ownHeld < records).map(nameOf)
  const cause = (() => {
    if (records === 0) return 'none'
    if (unheld === 0) return 'held'
    if (seeds.length > 0) return 'sending'
    return status.peers.length > 0 ? 'noSeed' : 'offline'
  })()
  return { records, unheld, full, partial, cause }
}

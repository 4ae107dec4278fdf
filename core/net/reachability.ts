import { isCircuit, isPublicAddress } from './addresses.ts'

/**
 * How far others reach this node:
 *
 * - `public`: whoever has its address dials it.
 * - `direct`: it is dialled through a relay, and connections become direct ones.
 * - `relayed`: it is dialled through a relay, and connections stay there.
 * - `local-only`: nobody dials it but from its own machine or network; it dials others.
 */
export type ReachKind = 'public' | 'direct' | 'relayed' | 'local-only'

/**
 * How that was found: `announced` by whoever runs it; `autonat`: a peer dialled back; `upnp`: the router opened a port
 * and a peer dialled it; `crossing`: a relayed connection became a direct one; `relay`: a relay keeps a place; `none`.
 */
export type ReachSource = 'announced' | 'autonat' | 'upnp' | 'crossing' | 'relay' | 'none'

/**
 * What may be done about it: `none`; `local-network`: nothing, this network stays on the machine; `waiting`: it is being
 * found out; `no-peer`: nobody is connected; `no-relay`: nobody who is connected passes on; `relay-full`: those who do
 * have no room; `open-port`: opening the port in the router would make it public.
 */
export type ReachHint = 'none' | 'local-network' | 'waiting' | 'no-peer' | 'no-relay' | 'relay-full' | 'open-port'

export interface Reachability {
  readonly kind: ReachKind
  readonly source: ReachSource
  readonly hint: ReachHint
  /** The TCP port that a router would have to let in, null while nothing listens. */
  readonly port: number | null
  /** IP addresses under which peers see this node, newest first. */
  readonly observed: readonly string[]
  /** Peer IDs of the relays that keep a place. */
  readonly relays: readonly string[]
  /** Places that this node gives to others, null where it gives none. */
  readonly places: { readonly used: number; readonly limit: number } | null
}

export interface ReachFacts {
  readonly isLocal: boolean
  readonly announced: readonly string[]
  /** As libp2p keeps them. */
  readonly addresses: readonly { readonly address: string; readonly isVerified: boolean; readonly type: string }[]
  readonly peers: number
  /** Connected peers that pass on. */
  readonly offers: number
  /** All of those said that they have no room. */
  readonly isRefused: boolean
  readonly relays: readonly string[]
  /** A connection through a relay has become a direct one within the last hour. */
  readonly hasCrossed: boolean
  readonly observed: readonly string[]
  readonly places: Reachability['places']
}

/** One answer from what is known. Pure. */
export function judgeReach(facts: ReachFacts): Reachability {
  const { kind, source } = kindOf(facts)
  const { observed, relays, places } = facts
  return { kind, source, hint: hintOf(facts, kind), port: portOf(facts), observed, relays, places }
}

function kindOf(facts: ReachFacts): Pick<Reachability, 'kind' | 'source'> {
  if (facts.isLocal) return { kind: 'local-only', source: 'none' }
  if (facts.announced.length > 0) return { kind: 'public', source: 'announced' }
  const open = facts.addresses.filter(
    ({ address, isVerified }) => isVerified && !isCircuit(address) && isPublicAddress(address),
  )
  if (open.some(({ type }) => type === 'ip-mapping')) return { kind: 'public', source: 'upnp' }
  if (open.length > 0) return { kind: 'public', source: 'autonat' }
  if (facts.relays.length === 0) return { kind: 'local-only', source: 'none' }
  return facts.hasCrossed ? { kind: 'direct', source: 'crossing' } : { kind: 'relayed', source: 'relay' }
}

function hintOf(facts: ReachFacts, kind: ReachKind): ReachHint {
  if (facts.isLocal) return 'local-network'
  if (kind === 'public') return 'none'
  if (kind !== 'local-only') return 'open-port'
  if (facts.peers === 0) return 'no-peer'
  if (facts.offers === 0) return 'no-relay'
  return facts.isRefused ? 'relay-full' : 'waiting'
}

function portOf({ addresses }: ReachFacts): number | null {
  const found = addresses.map(({ address }) => /^\/ip[46]\/[^/]+\/tcp\/(\d+)(?:\/p2p\/[^/]+)?$/.exec(address)?.[1])
  const port = found.find((each) => each !== undefined)
  return port === undefined ? null : Number(port)
}

/**
 * Being reached from anywhere, with nobody's permission: keeps places with relays, makes direct connections of relayed
 * ones, asks the router for a port, answers STUN on a seed, and says in one word how far others reach this node. Only on
 * networks that leave the machine; nothing here may keep a node from starting.
 */
import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions } from '../util/startable.ts'
import { addressOf, ipOf, isCircuit, isPublicAddress, parseAddress } from './addresses.ts'
import { startUpnp } from './nat-services.ts'
import { type Path, type PathHost, PathKeeper } from './path-keeper.ts'
import { type ReachParts, WANTED_RELAYS } from './reach-parts.ts'
import { judgeReach, type Reachability } from './reachability.ts'
import { HOP_PROTOCOL } from './relay.ts'
import { type RelayCandidate, RelayKeeper } from './relay-keeper.ts'
import { StunResponder } from './stun-responder.ts'
import { loadWebRtc, SIGNALING_PROTOCOL } from './webrtc.ts'

/** Whoever says it answers STUN on UDP, at the number of the TCP port by which it is dialled (RCH4). */
export const STUN_PROTOCOL = '/palabre/stun/1'

const MAX_STUN_SERVERS = 2
const MAX_OBSERVED = 4
const JOINED_DIAL_MS = 100
const CROSSED_FOR_MS = 60 * 60_000
/** Streams of these end by themselves and carry nothing of ours. */
const PASSING = /\/(?:identify|id|ping)\b|^\/ipfs\/|^\/webrtc-signaling|^\/libp2p\//

export interface ReachComponents {
  readonly libp2p: Libp2p
  readonly parts: ReachParts
  readonly clock: Clock
  readonly logger: Logger
}

export interface ReachRunInit {
  readonly announce: readonly string[]
  /** Multiaddrs that the host was told to listen on. */
  readonly listen: readonly string[]
  readonly answersStun: boolean
  /** Makes direct connections of relayed ones. */
  readonly crosses: boolean
  /** Asks the router of the local network for a port. */
  readonly asksRouter: boolean
  readonly isSeed: (peerId: string) => boolean
  readonly onChange: () => void
  /** A relayed connection to this peer has become a direct one. */
  readonly onCrossed: (peerId: string) => void
}

/** What a connected peer said of itself. */
interface Said {
  readonly protocols: readonly string[]
  readonly addresses: readonly string[]
}

export class Reach {
  readonly #components: ReachComponents
  readonly #init: ReachRunInit
  readonly #relays: RelayKeeper
  readonly #paths: PathKeeper
  /** Of connected peers only. */
  readonly #said = new Map<string, Said>()
  #observed: readonly string[] = []
  readonly #late: { stop(): Promise<void> | void }[] = []
  #loading: Promise<void> = Promise.resolve()
  #crossing: Promise<void> | null = null
  #canCross = false
  #isStopped = false

  constructor(components: ReachComponents, init: ReachRunInit) {
    const { libp2p, parts, clock, logger } = components
    this.#components = components
    this.#init = init
    this.#relays = new RelayKeeper(
      { desk: parts.desk, candidates: () => this.#candidates(), clock, logger },
      {
        wanted: init.announce.length > 0 ? 0 : WANTED_RELAYS,
        onChange: () => {
          if (this.#relays.relays().length > 0) this.#loadCrossing()
          init.onChange()
        },
      },
    )
    this.#paths = new PathKeeper({ host: this.#pathHost(), clock, logger }, { onCrossed: init.onCrossed })
    // Also when it says so anew. What the peer store has is no word of theirs: it adds what they ask of us.
    libp2p.addEventListener('peer:identify', ({ detail }) => {
      const peerId = detail.peerId.toString()
      const said = { protocols: detail.protocols, addresses: detail.listenAddrs.map(String) }
      this.#said.set(peerId, said)
      this.#noteObserved(detail.observedAddr?.toString())
      this.#relays.note()
      this.#paths.noteIdentified(peerId)
    })
    libp2p.addEventListener('connection:open', ({ detail }) => {
      if (detail.limits != null) this.#loadCrossing()
    })
    libp2p.addEventListener('peer:disconnect', ({ detail }) => {
      const peerId = detail.toString()
      this.#said.delete(peerId)
      parts.book?.free(peerId)
      this.#relays.note()
      this.#paths.noteLost(peerId)
    })
    libp2p.addEventListener('self:peer:update', () => init.onChange())
  }

  /** Returns at once; what takes long to load comes later. */
  start(): void {
    this.#relays.start()
    this.#loading = this.#load()
    // Who was quicker than this.
    for (const peerId of this.#components.libp2p.getPeers()) this.#recall(peerId)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all([this.#relays.stop(), this.#paths.stop(), this.#loading, this.#crossing])
    await Promise.all(this.#late.map((each) => each.stop()))
  }

  status(): Reachability {
    const { libp2p, parts, clock } = this.#components
    const { crossedAt } = this.#paths
    const addresses = parts.components().addressManager.getAddressesWithMetadata()
    return judgeReach({
      isLocal: false,
      announced: this.#init.announce,
      addresses: addresses.map((each) => ({
        address: each.multiaddr.toString(),
        isVerified: each.verified,
        type: each.type,
      })),
      peers: libp2p.getPeers().length,
      offers: this.#candidates().length,
      isRefused: this.#relays.isRefused,
      relays: this.#relays.relays(),
      hasCrossed: crossedAt !== null && clock.now() - crossedAt < CROSSED_FOR_MS,
      observed: this.#observed,
      places: parts.book === null ? null : { used: parts.book.used, limit: parts.book.limit },
    })
  }

  #recall(peerId: PeerId): void {
    this.#components.libp2p.peerStore
      .get(peerId)
      .then(({ protocols, addresses }) => {
        const id = peerId.toString()
        if (protocols.length === 0 || this.#said.has(id)) return
        this.#said.set(id, { protocols, addresses: addresses.map(({ multiaddr: address }) => address.toString()) })
        this.#relays.note()
        this.#paths.noteIdentified(id)
      })
      .catch(() => {})
  }

  async #load(): Promise<void> {
    const { parts } = this.#components
    if (this.#init.answersStun) await this.#try('STUN is not answered', () => this.#startStun())
    if (!this.#init.asksRouter) return
    await this.#try('the router is not asked for a port', async () => {
      this.#late.push(await startUpnp(parts.components()))
    })
  }

  /** When it can be of use: it takes long to load, and whoever is dialled directly never needs it. */
  #loadCrossing(): void {
    if (!this.#init.crosses || this.#isStopped) return
    this.#crossing ??= this.#try('no direct connections across NATs', async () => {
      const { parts } = this.#components
      this.#late.push(await loadWebRtc(parts.components(), () => this.#stunServers()))
      this.#canCross = true
    })
  }

  async #try(without: string, work: () => Promise<void>): Promise<void> {
    if (this.#isStopped) return
    try {
      await work()
    } catch (error) {
      this.#components.logger.warn({ err: error }, without)
    }
  }

  async #startStun(): Promise<void> {
    const { libp2p, logger, clock } = this.#components
    const tcp = /^\/ip[46]\/([^/]+)\/tcp\/(\d+)(?:\/p2p\/[^/]+)?$/
    const host = this.#init.listen.map((address) => tcp.exec(address)?.[1]).find(Boolean)
    const listeners = this.#components.parts.components().transportManager.getAddrs().map(String)
    const port = listeners.map((address) => tcp.exec(address)?.[2]).find(Boolean)
    if (host === undefined || port === undefined) return
    const responder = new StunResponder({ logger, clock }, { host, port: Number(port) })
    await responder.start()
    this.#late.push(responder)
    await libp2p.handle(STUN_PROTOCOL, (stream) => stream.abort(new Error('STUN is spoken on UDP')))
  }

  /** Connected peers that say so, at the addresses by which they are dialled: nobody else hears that somebody talks. */
  #stunServers(): string[] {
    const { libp2p } = this.#components
    const servers = new Set<string>()
    for (const connection of libp2p.getConnections()) {
      const said = this.#said.get(connection.remotePeer.toString())
      if (connection.limits != null || said?.protocols.includes(STUN_PROTOCOL) !== true) continue
      const remote = connection.remoteAddr.toString()
      const ip = ipOf(connection.remoteAddr)?.host
      const dialled = connection.direction === 'outbound' ? [remote] : []
      const named = said.addresses.filter((address) => ip !== undefined && address.includes(`/${ip}/`))
      const [server] = [...dialled, ...named].flatMap((address) => stunUrlOf(address) ?? [])
      if (server !== undefined) servers.add(server)
    }
    return [...servers].slice(0, MAX_STUN_SERVERS)
  }

  #candidates(): RelayCandidate[] {
    const found = new Map<string, RelayCandidate>()
    for (const { remotePeer, limits, remoteAddr } of this.#components.libp2p.getConnections()) {
      const peerId = remotePeer.toString()
      if (limits != null || isCircuit(remoteAddr.toString())) continue
      if (this.#said.get(peerId)?.protocols.includes(HOP_PROTOCOL) !== true) continue
      found.set(peerId, { peerId, isSeed: this.#init.isSeed(peerId) })
    }
    return [...found.values()]
  }

  #noteObserved(address: string | undefined): void {
    if (address === undefined || isCircuit(address) || !isPublicAddress(address)) return
    const parsed = parseAddress(address)
    const ip = parsed === undefined ? null : ipOf(parsed)
    if (ip === null) return
    this.#observed = [ip.host, ...this.#observed.filter((each) => each !== ip.host)].slice(0, MAX_OBSERVED)
  }

  #pathHost(): PathHost {
    const { libp2p } = this.#components
    return {
      paths: (peerId) => {
        const connections = libp2p.getConnections(peerIdFromString(peerId))
        return connections
          .filter(({ status }) => status === 'open')
          .map(
            (connection): Path => ({
              address: connection.remoteAddr.toString(),
              isRelayed: connection.limits != null,
              direction: connection.direction === 'outbound' ? 'out' : 'in',
              isBusy: () => connection.streams.some(({ protocol }) => !PASSING.test(protocol)),
              close: () => connection.close({ signal: AbortSignal.timeout(1_000) }).catch(connection.abort),
            }),
          )
      },
      addressesOf: (peerId) => (this.#said.get(peerId)?.addresses ?? []).map((address) => addressOf(address, peerId)),
      canCross: (peerId) => this.#canCross && this.#said.get(peerId)?.protocols.includes(SIGNALING_PROTOCOL) === true,
      dialAnew: async (addresses, { signal }: AbortOptions) => {
        const isDirect = !addresses.every((address) => isCircuit(address) && !address.includes('/webrtc/'))
        const targets = addresses.map((address) => multiaddr(address))
        for (;;) {
          const { limits } = await libp2p.dial(targets, { force: true, ...(signal ? { signal } : {}) })
          if (!isDirect || limits == null) return
          // A dial that was still under way took this one in: it made the relayed connection.
          await new Promise((resolve) => setTimeout(resolve, JOINED_DIAL_MS))
          signal?.throwIfAborted()
        }
      },
    }
  }
}

function stunUrlOf(address: string): string | undefined {
  const found = /^\/(ip4|ip6|dns4?|dns6)\/([^/]+)\/tcp\/(\d+)(?:\/p2p\/[^/]+)?$/.exec(address)
  if (found === null) return undefined
  return `stun:${found[1] === 'ip6' ? `[${found[2]}]` : found[2]}:${found[3]}`
}

import type { ChainAsker } from '../account/whois-service.ts'
import type { NetworkStatus, PeerView } from '../contract/views.ts'
import type { InboxAsker } from '../inbox/inbox-service.ts'
import { addressOf, isLoopbackAddress, parseAddress } from '../net/addresses.ts'
import type { Ban, BanBook } from '../net/ban-book.ts'
import { NetworkError } from '../net/errors.ts'
import type { PeerHost, Traffic } from '../net/peer-host.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, PalabreError } from '../util/errors.ts'
import type { AbortOptions } from '../util/startable.ts'
import { withSignal } from '../util/with-signal.ts'
import type { NetworkCalls } from './api/services.ts'
import type { Finding } from './finding.ts'
import type { AddressKeeper, ConnectedPeer, ConnectedPeers, OwnIdentity } from './ports.ts'
import type { SquareStats } from './square-calls.ts'

/** What a peer said of itself and what we measured. */
export interface PeerFacts {
  readonly role: 'peer' | 'seed' | 'unknown'
  /** Profile address of the account that runs there. */
  readonly profile: string | null
  /** What it calls itself, '' for nothing. */
  readonly name: string
  readonly latencyMs: number | null
  /** Milliseconds since 1970. */
  readonly syncedAt: number | null
  /** How new records come from it: whole, named only, or not at all by itself. */
  readonly feed: 'whole' | 'named' | null
}

/** The running network, as far as status and calls need it. */
export interface RunningNetwork {
  readonly whois: ChainAsker
  readonly inbox: InboxAsker
  readonly finding: Pick<Finding, 'directSince' | 'findProviders' | 'lanPeers' | 'locate'>
  readonly host: Pick<PeerHost, 'addresses' | 'connections' | 'traffic'>
  factsOf(peerId: string): PeerFacts
  /** `nextTryAt` is Infinity for what will not be tried. */
  listUnreachable(): readonly { readonly address: string; readonly cause: string; readonly nextTryAt: number }[]
  /** How far others reach this node; null on a local network. */
  reachability(): NonNullable<NetworkStatus['reach']> | null
  /** Somebody is being dialled or will be soon. */
  readonly isTrying: boolean
  /** Dials an address now and keeps it. @throws NetworkError */
  connect(address: string, options: AbortOptions): Promise<string>
  /** Dials an address soon, and again whenever the connection is lost. */
  keep(address: string): void
  /** These authors are wanted now: connected peers are asked. */
  requestAuthors(authors: readonly Uint8Array[]): void
}

/** Figures of the store that the status shows. */
export interface StorageFigures {
  stats(): Promise<SquareStats>
}

export interface NetworkServiceComponents {
  readonly identity: OwnIdentity
  readonly reader: Pick<TimelineReader, 'names'>
  readonly storage: StorageFigures
  readonly bans: Pick<BanBook, 'list'>
  readonly clock: Clock
  /** How this clock compares with others. */
  readonly clocks: { status(): NetworkStatus['clock'] }
  readonly catchUps: { status(): NetworkStatus['catchUp'] }
  readonly imports: { running(): NetworkStatus['import'] }
  /** Null while none runs. */
  readonly drill: { running(): NonNullable<NetworkStatus['drill']> | null }
}

export interface NetworkServiceInit {
  readonly peerId: () => string
  readonly role: 'peer' | 'seed'
  readonly network: string
  /** Loopback addresses mean something to the others too. */
  readonly isLocal: boolean
  /** This device's addresses may be handed on. */
  readonly sharesAddresses: () => boolean
  /** Why pictures don't come by themselves; null where they do. */
  readonly saving: () => NonNullable<NetworkStatus['saving']> | null
  /** There are addresses from earlier runs. */
  readonly knowsPeers?: () => boolean
}

const LOCAL_REACH: NonNullable<NetworkStatus['reach']> = {
  kind: 'local-only',
  source: 'none',
  hint: 'local-network',
  port: null,
  observed: [],
  relays: [],
  places: null,
}

/** Addresses that are kept, also for a network that isn't up yet or comes up anew. */
const MAX_KEPT = 1_024

/** Status and calls about the network; answers from the first moment, when there is no network yet. */
export class NetworkService implements NetworkCalls, ConnectedPeers, AddressKeeper {
  readonly #components: NetworkServiceComponents
  readonly #init: NetworkServiceInit
  readonly #kept = new Set<string>()
  #attached = Promise.withResolvers<RunningNetwork>()
  #running: RunningNetwork | null = null
  #failure: string | null = null
  #lastConnectedAt: number | null = null

  constructor(components: NetworkServiceComponents, init: NetworkServiceInit) {
    this.#components = components
    this.#init = init
    this.#attached.promise.catch(() => {})
  }

  /** Rejects when there will be none. */
  get running(): Promise<RunningNetwork> {
    return this.#attached.promise
  }

  /** Null while there is none. */
  get current(): RunningNetwork | null {
    return this.#running
  }

  attach(running: RunningNetwork): void {
    this.#running = running
    for (const address of this.#kept) running.keep(address)
    this.#attached.resolve(running)
  }

  /** The network has stopped and comes up anew. */
  noteRestart(): void {
    this.#running = null
    this.#attached = Promise.withResolvers<RunningNetwork>()
    this.#attached.promise.catch(() => {})
  }

  detach(): void {
    this.#running = null
    this.#attached.reject(new PalabreError('stopping', 'the node is stopping'))
  }

  /** There will be no network until the next start. */
  fail(reason: string): void {
    this.#running = null
    this.#failure = reason
    this.#attached.reject(new PalabreError('unreachable', `the network could not start: ${reason}`))
  }

  /** To be called when a peer came or went. */
  noteConnections(): void {
    if (this.#connections().length > 0) this.#lastConnectedAt = this.#components.clock.now()
  }

  keep(address: string): void {
    this.#running?.keep(address)
    if (this.#kept.size < MAX_KEPT) this.#kept.add(address)
  }

  /** @throws PalabreError unreachable, BadRequestError for what is no address */
  async connect(address: string, options: AbortOptions): Promise<{ peerId: string }> {
    const running = await withSignal(this.#attached.promise, options.signal)
    try {
      return { peerId: await running.connect(address, options) }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      if (error.code === 'bad-address') throw new BadRequestError(error.message, { cause: error })
      throw new PalabreError('unreachable', error.message, { cause: error })
    }
  }

  listConnected(): readonly ConnectedPeer[] {
    return this.#connections().map(({ peerId, address, direction }) => ({
      peerId,
      isSeed: this.#running?.factsOf(peerId).role === 'seed',
      name: this.#running?.factsOf(peerId).name ?? '',
      dialable: direction === 'out' && this.#isTellable(address) ? addressOf(address, peerId) : null,
    }))
  }

  /** Nobody is connected, and somebody is being dialled or will be soon. */
  get isDialing(): boolean {
    if (this.#connections().length > 0 || this.#failure !== null) return false
    return this.#running?.isTrying ?? (this.#kept.size > 0 || this.#init.knowsPeers?.() === true)
  }

  addresses(): readonly string[] {
    return this.#running?.host.addresses() ?? []
  }

  /** Null while there is no network; it counts anew when the network comes up anew. */
  traffic(): Traffic | null {
    return this.#running?.host.traffic() ?? null
  }

  async status(): Promise<NetworkStatus> {
    const { holders, ...storage } = await this.#components.storage.stats()
    const peers = await this.#peerViews(new Map(holders.map(({ peerId, count }) => [peerId, count])))
    const running = this.#running
    const directSince = running?.finding.directSince ?? null
    const unreachable = (running?.listUnreachable() ?? []).map((entry) => ({
      ...entry,
      nextTryAt: Number.isFinite(entry.nextTryAt) ? Math.round(entry.nextTryAt) : 0,
    }))
    if (this.#failure !== null) unreachable.push({ address: 'this computer', cause: this.#failure, nextTryAt: 0 })
    if (peers.length > 0) this.noteConnections()
    const traffic = this.traffic()
    return {
      peerId: this.#init.peerId(),
      profile: this.#components.identity.profile,
      role: this.#init.role,
      network: this.#init.network,
      state: this.#stateOf(peers.length),
      addresses: [...this.addresses()],
      peers,
      seeds: peers.filter((peer) => peer.role === 'seed').length,
      direct: directSince === null ? null : { since: directSince },
      unreachable,
      data: { receivedBytes: traffic?.receivedBytes ?? 0, sentBytes: traffic?.sentBytes ?? 0 },
      storage,
      lastConnectedAt: this.#lastConnectedAt,
      clock: this.#components.clocks.status(),
      catchUp: this.#components.catchUps.status(),
      import: this.#components.imports.running(),
      sharesAddresses: this.#init.sharesAddresses(),
      ...this.#savingOf(),
      ...this.#reachOf(running),
      ...bansOf(this.#components.bans.list()),
      ...this.#drillOf(),
    }
  }

  /** Nothing while there is no network. */
  #reachOf(running: RunningNetwork | null): Pick<NetworkStatus, 'reach'> {
    if (this.#init.isLocal) return { reach: LOCAL_REACH }
    const reach = running?.reachability()
    return reach === undefined || reach === null ? {} : { reach }
  }

  #drillOf(): Pick<NetworkStatus, 'drill'> {
    const drill = this.#components.drill.running()
    return drill === null ? {} : { drill }
  }

  #savingOf(): Pick<NetworkStatus, 'saving'> {
    const saving = this.#init.saving()
    return saving === null ? {} : { saving }
  }

  #stateOf(connected: number): NetworkStatus['state'] {
    if (connected > 0) return 'connected'
    if (this.#running === null) return this.#failure === null ? 'starting' : 'offline'
    return this.#running.isTrying ? 'connecting' : 'offline'
  }

  async #peerViews(ownHeld: ReadonlyMap<string, number>): Promise<PeerView[]> {
    const running = this.#running
    if (running === null) return []
    const found = this.#connections().map((connection) => ({ ...connection, ...running.factsOf(connection.peerId) }))
    const profiles = found.flatMap(({ profile }) => (profile === null ? [] : [profile]))
    const names = await this.#components.reader.names(profiles)
    const nameOf = new Map(profiles.map((profile, i) => [profile, names[i] ?? '']))
    return found.map((peer) => ({
      ...peer,
      name: (peer.profile === null ? '' : nameOf.get(peer.profile)) || peer.name,
      ownHeld: ownHeld.get(peer.peerId) ?? 0,
    }))
  }

  #connections() {
    return this.#running?.host.connections() ?? []
  }

  /** A loopback address in a public profile would send everybody to their own machine. */
  #isTellable(address: string): boolean {
    return parseAddress(address) !== undefined && (this.#init.isLocal || !isLoopbackAddress(address))
  }
}

/** Nothing while nobody is kept out. */
function bansOf(bans: readonly Ban[]): Pick<NetworkStatus, 'bans'> {
  if (bans.length === 0) return {}
  const byReason = Map.groupBy(bans, ({ reason }) => reason)
  return {
    bans: { count: bans.length, reasons: Object.fromEntries([...byReason].map(([why, of]) => [why, of.length])) },
  }
}

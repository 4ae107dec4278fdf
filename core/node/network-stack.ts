/**
 * Everything that needs libp2p, wired: host, peer manager, gossip, sync, bitswap. Loading this file loads libp2p, which
 * takes most of a start; the node imports it when it already answers. Started from the bottom up, stopped top down.
 */
import { LinkService } from '../account/link-service.ts'
import { WhoisService } from '../account/whois-service.ts'
import { Gossip } from '../gossip/gossip.ts'
import { createPubsub, gossipService } from '../gossip/gossipsub-host.ts'
import { formatPeerId } from '../identity/peer-id.ts'
import { InboxService } from '../inbox/inbox-service.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import type { OwnPublished } from '../ingest/own-log.ts'
import { HeliaHost } from '../media/helia-host.ts'
import { dhtService } from '../net/dht.ts'
import { createHost, type Host } from '../net/host.ts'
import { type LanPeer, lanDiscovery } from '../net/lan-discovery.ts'
import { limitsOf, SEED_RELAY_PLACES } from '../net/net-limits.ts'
import { DIAL_TIMES, LOCAL_DIAL_TIMES, PeerManager } from '../net/peer-manager.ts'
import type { Reach } from '../net/reach.ts'
import type { Reachability } from '../net/reachability.ts'
import { AuthorHeads } from '../sync/author-heads.ts'
import { banBrokenSync } from '../sync/broken-sync.ts'
import { FeedService } from '../sync/feed/feed-service.ts'
import { HomeFeeds } from '../sync/feed/home-feeds.ts'
import { FEED_TIMES, LOCAL_FEED_TIMES } from '../sync/feed/limits.ts'
import { claimedName } from '../sync/frames.ts'
import { Onward } from '../sync/onward.ts'
import { SCHEDULER_TIMES, SyncScheduler } from '../sync/scheduler.ts'
import { type SyncEvent, SyncService } from '../sync/sync-service.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions } from '../util/startable.ts'
import { createReach } from './create-reach.ts'
import { feedCandidates } from './feed-candidates.ts'
import { Finding } from './finding.ts'
import type { PeerFacts, RunningNetwork } from './network-service.ts'
import type { NetworkStackComponents, NetworkStackInit } from './network-stack-init.ts'
import { OutageHelp } from './outage-help.ts'
import { MAX_RELAYED, relayedRecords } from './relay-fresh.ts'
import { RoomKeeper } from './room-keeper.ts'

/** Longest that a record lost by gossip stays lost while its holder is connected: a tail shows no gap. */
export const FULL_SYNC_MS = 5 * 60_000
/** On one machine a sync costs nothing. */
const LOCAL_FULL_SYNC_MS = 15_000

/** Score of devices that this account wants to hear: enough to outlive a few mishaps, not an attack. */
const WANTED_PEER_SCORE = 10

/** What the host asks for and is known only once it stands. */
interface StackNotes {
  manager: PeerManager | null
  onLan: (peer: LanPeer) => void
}

type StackServices = Record<string, unknown> & {
  gossip: Parameters<typeof createPubsub>[0]
  dht: ReturnType<ReturnType<typeof dhtService>>
}

export class NetworkStack implements RunningNetwork {
  readonly host: Host<Record<string, unknown>>
  readonly blocks: HeliaHost
  readonly links: LinkService
  readonly whois: WhoisService
  readonly inbox: InboxService
  readonly finding: Finding
  readonly #square: NetworkStackComponents['square']
  readonly #logger: Logger
  readonly #init: NetworkStackInit
  readonly #manager: PeerManager
  readonly #gossip: Gossip
  readonly #sync: SyncService
  readonly #scheduler: SyncScheduler
  readonly #heads: AuthorHeads
  readonly #feeds: FeedService
  readonly #homes: HomeFeeds
  readonly #outage: OutageHelp
  readonly #room: RoomKeeper
  readonly #onward: Onward
  /** Null on a local network, where everybody reaches everybody. */
  readonly #reach: Reach | null
  #stopping: Promise<void> | null = null

  private constructor(
    components: NetworkStackComponents,
    init: NetworkStackInit,
    host: Host<StackServices>,
    notes: StackNotes,
  ) {
    const { square, book, logger, clock, random } = components
    const { domain } = init.network
    const isSeed = init.role === 'seed'
    this.host = host
    this.#square = square
    this.#logger = logger
    this.#init = init
    this.#manager = new PeerManager(
      { host, logger, clock },
      {
        times: init.network.isLocal ? LOCAL_DIAL_TIMES : DIAL_TIMES,
        onUseful: init.onUsefulAddress,
        onSilent: (peerId) => this.finding.noteSilent(peerId),
        onChange: init.onPeersChanged,
      },
    )
    notes.manager = this.#manager
    this.finding = new Finding(
      {
        host,
        dht: host.services.dht,
        manager: this.#manager,
        cards: init.cards,
        chains: square,
        random,
        logger,
        clock,
      },
      { ...init, onModeChange: () => this.#onModeChange() },
    )
    notes.onLan = (peer) => this.finding.noteLan(peer)
    const isSeedPeer = (peerId: string) => this.#manager.notesOf(peerId).role === 'seed'
    this.#reach = createReach(
      { host, clock, logger },
      {
        ...init,
        isSeed: isSeedPeer,
        onCrossed: (peerId) => {
          // What was written between the last session and the first gossip that this peer hears.
          this.#scheduler.requestPeer(peerId)
          init.onPeersChanged()
        },
      },
    )
    this.#room = new RoomKeeper(
      { host, store: square, clock, logger },
      {
        role: init.role,
        maxConnections: limitsOf({ isLocal: init.network.isLocal, isSeed, maxConnections: init.maxConnections })
          .maxConnections,
        isSeed: isSeedPeer,
        isInOutage: () => this.finding.directSince !== null,
      },
    )
    const heads = new AuthorHeads({ reader: square, clock })
    this.#heads = heads
    this.#sync = new SyncService(
      { host, door: square, reader: square, book, heads, logger, clock, random },
      {
        network: domain,
        role: init.role,
        device: init.deviceKey,
        profile: init.profile,
        name: init.name,
        standing: (peerId) => this.#room.standingFor(peerId),
      },
    )
    this.#scheduler = new SyncScheduler(
      { host, service: this.#sync, logger, clock },
      {
        profile: init.profile,
        owes: init.owes,
        times: { ...SCHEDULER_TIMES, fullEveryMs: init.network.isLocal ? LOCAL_FULL_SYNC_MS : FULL_SYNC_MS },
      },
    )
    banBrokenSync({ host, service: this.#sync, clock })
    this.#feeds = new FeedService(
      { host, door: square, reader: square, heads, logger, clock, random },
      {
        network: domain,
        role: init.role,
        times: init.network.isLocal ? LOCAL_FEED_TIMES : FEED_TIMES,
        isInOutage: () => this.finding.directSince !== null,
        onAlone: () => this.#outage.note(),
      },
    )
    this.#homes = new HomeFeeds(
      { host, feeds: this.#feeds, heads, reader: square, scheduler: this.#scheduler, clock, logger },
      {
        candidates: () => feedCandidates(host.connections(), (peerId) => this.#manager.notesOf(peerId)),
        onChange: init.onPeersChanged,
      },
    )
    this.#onward = new Onward({ service: this.#sync, scheduler: this.#scheduler })
    this.#gossip = new Gossip(
      { host, pubsub: createPubsub(host.services.gossip, { domain }), door: square, chains: square, logger, clock },
      {
        isSeed,
        domain,
        onUnknownAuthor: (peerId, author) => {
          this.#scheduler.requestAuthors([author], peerId)
          this.#outage.noteStranger(author, peerId)
        },
        onReject: (peerId, reason) => logger.info({ peerId, reason }, 'a peer sent something invalid'),
      },
    )
    this.links = new LinkService({ host, logger, random })
    this.whois = new WhoisService({ host, index: square, door: square, logger, clock }, { network: domain })
    this.inbox = new InboxService(
      { host, store: square, door: square, logger, clock },
      { network: domain, role: init.role, profile: init.profile },
    )
    this.#outage = new OutageHelp(
      { host, feeds: this.#feeds, whois: this.whois, scheduler: this.#scheduler, store: square, clock, logger },
      { isInOutage: () => this.finding.directSince !== null, isSeed: isSeedPeer },
    )
    this.blocks = new HeliaHost({ libp2p: host.libp2p, blocks: square, logger })
  }

  /** Resolves when it listens. @throws NetworkError, or Node's error when an address can't be bound */
  static async start(components: NetworkStackComponents, init: NetworkStackInit): Promise<NetworkStack> {
    const { domain, isLocal } = init.network
    const isSeed = init.role === 'seed'
    const notes: StackNotes = { manager: null, onLan: () => {} }
    const appScore = (peerId: string) => {
      const profile = notes.manager?.notesOf(peerId).profile ?? null
      return profile !== null && init.wanted.hasProfile(profile) ? WANTED_PEER_SCORE : 0
    }
    const host = await createHost(components, {
      privateKey: init.deviceSeed,
      listen: init.listen,
      announce: init.announce,
      limits: limitsOf({ isLocal, isSeed, maxConnections: init.maxConnections }),
      isLocal,
      reach: { relayPlaces: init.relayPlaces ?? (isSeed ? SEED_RELAY_PLACES : 0) },
      peerDiscovery: init.network.hasLan ? [lanDiscovery(domain, (peer) => notes.onLan(peer))] : [],
      services: {
        gossip: gossipService({ domain, isSeed, appScore }),
        dht: dhtService({ network: domain, isServer: isSeed, isLocal }),
      },
    })
    const stack = new NetworkStack(components, init, host, notes)
    try {
      await stack.#start()
    } catch (error) {
      await stack.stop()
      throw error
    }
    return stack
  }

  async #start(): Promise<void> {
    this.blocks.subscribe((event) => {
      if (event.type === 'peer') this.#init.onPeerJoined()
    })
    this.#sync.subscribe((event) => this.#onSync(event))
    this.#gossip.start()
    await this.#sync.start()
    await this.whois.start()
    await this.inbox.start()
    this.#scheduler.start()
    await this.#feeds.start()
    // A seed hears of everything by gossip, and of what it misses by sync.
    if (this.#init.role === 'peer') {
      this.#homes.start()
      this.#outage.start()
    }
    this.#onward.start()
    await this.links.start()
    await this.blocks.start()
    this.#room.start()
    this.#reach?.start()
    this.#manager.start()
    await this.finding.start()
  }

  factsOf(peerId: string): PeerFacts {
    return { ...this.#manager.notesOf(peerId), feed: this.#homes.modeOf(peerId) }
  }

  listUnreachable(): ReturnType<RunningNetwork['listUnreachable']> {
    return this.#manager.listUnreachable()
  }

  /** How far others reach this node, null on a local network. */
  reachability(): Reachability | null {
    return this.#reach?.status() ?? null
  }

  get isTrying(): boolean {
    return this.#manager.isTrying
  }

  connect(address: string, options: AbortOptions): Promise<string> {
    return this.#manager.connect(address, options)
  }

  keep(address: string): void {
    this.#manager.keep(address)
  }

  /** An address of an earlier run. */
  suggest(address: string): void {
    this.#manager.suggest(address)
  }

  /** Own records that are committed: out by gossip at once; sync follows by the ingested event. */
  announce(author: Uint8Array, published: readonly OwnPublished[]): void {
    this.#gossip.announce(published.map(({ record }) => ({ author, record })))
  }

  /** A chain to which this node has added something: out by gossip at once, and pushed to seeds by sync. */
  announceChain(address: Uint8Array): void {
    this.#gossip.announceChain(address)
    this.#scheduler.pushAuthors([address])
  }

  /** Whoever gets own records hears what is new of this author. */
  pushAuthor(address: Uint8Array): void {
    this.#scheduler.pushAuthors([address])
  }

  /** Somebody is wanted who wasn't: connected peers are asked. */
  requestAuthors(authors: readonly Uint8Array[]): void {
    this.#scheduler.requestAuthors(authors)
  }

  /** Others may be wanted than before: the seeds that feed this node are told. `hasNew`: somebody who wasn't. */
  noteWanted(hasNew: boolean): void {
    this.#homes.note()
    this.#outage.noteWanted(hasNew)
    this.finding.noteWanted()
  }

  /** Passes on what the door said: gaps are asked for, own records pushed, fresh ones of others gossiped by seeds. */
  noteIngested(event: IngestedEvent): void {
    this.#heads.noteIngested(event)
    this.#scheduler.noteIngested(event)
    this.#feeds.noteIngested(event)
    this.#outage.noteIngested(event)
    const isCatchingUp = event.source.kind === 'sync' || event.source.kind === 'feed'
    if (!isCatchingUp || event.records.length > MAX_RELAYED) return
    this.#gossip.noteSynced(event.records.map(({ id }) => id))
    if (this.#init.role !== 'seed') return
    relayedRecords(this.#square, event)
      .then((records) => this.#gossip.announce(records))
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'records from a sync could not be passed on'))
  }

  /** Hands own records that nobody has yet to a connected peer; ends with the signal. Never throws. */
  async flush(signal: AbortSignal): Promise<boolean> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await Promise.race([this.#gossip.flush(), aborted])
    return await this.#scheduler.flush(signal)
  }

  /** Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<void> {
    this.#onward.stop()
    this.#scheduler.stop()
    this.#gossip.stop()
    await Promise.all([this.#homes.stop(), this.#outage.stop()])
    await Promise.all([
      this.finding.stop(),
      this.#room.stop(),
      this.#manager.stop(),
      this.#reach?.stop(),
      this.#feeds.stop(),
      this.#sync.stop(),
      this.links.stop(),
      this.whois.stop(),
      this.inbox.stop(),
      this.blocks.stop(),
    ])
    await this.host.stop()
  }

  #onModeChange(): void {
    this.#outage.note()
    this.#init.onPeersChanged()
  }

  #onSync(event: SyncEvent): void {
    const { peerId } = event
    this.#outage.noteSync(event)
    if (event.type === 'hello') {
      const { role, profile } = event.hello
      this.#manager.noteHello(peerId, {
        role,
        profile: profile === null ? null : formatPeerId(profile),
        name: claimedName(event.hello),
      })
      this.#homes.note()
      this.#room.noteHello(peerId, event.hello)
      this.finding.noteSaid()
    } else if (event.type === 'done') {
      this.#manager.noteSynced(peerId)
      const { hello, isComplete } = event.summary
      if (isComplete) this.#init.onSynced({ isSeed: hello.role === 'seed', scope: event.scope })
    }
    this.#init.onSync(event)
  }
}

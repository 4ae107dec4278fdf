/**
 * A node's life: what is started in which order, what happens on events, and how it ends. Reading never waits for the
 * network: the store answers before libp2p is even loaded. At the end calls are refused first, then unsent records are
 * handed to a connected peer, then everything stops from the top down, each step with a deadline of its own.
 */
import { formatPeerId } from '../identity/peer-id.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import type { OwnPublished } from '../ingest/own-log.ts'
import type { MediaFetcher } from '../media/fetcher.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import { equalBytes } from '../util/bytes.ts'
import { PalabreError } from '../util/errors.ts'
import { RunAgain } from '../util/run-again.ts'
import type { Startable } from '../util/startable.ts'
import type { AccountHome } from './account-service.ts'
import type { ApiGate } from './api/context.ts'
import { endsWithin } from './deadline.ts'
import { onPorts, portsOf } from './host/default-listen.ts'
import { toNodeEvents } from './ingest-events.ts'
import { loadNetworkStack } from './load-network-stack.ts'
import type { NetworkStack } from './network-stack.ts'
import type { NodeAddresses, NodeConfig } from './node-config.ts'
import type { NodeRuntimeComponents } from './node-runtime-components.ts'
import type { SyncedSession } from './ports.ts'

/** Handing over what nobody has yet; then the network; then the store. Together under five seconds. */
const FLUSH_MS = 2_000
const NETWORK_STOP_MS = 1_500
const STORE_STOP_MS = 1_000
/** Loading libp2p blocks the thread for a while: what is asked right after a start is answered before. */
const NETWORK_PAUSE_MS = 50
/** Several peers come and go at once; one hint for all of them. */
const PEERS_CHANGED_MS = 100
/** Home seeds of the people one follows that are tried when there are few connections. */
const MAX_SUGGESTED = 32

export class NodeRuntime implements Startable, ApiGate, AccountHome {
  readonly #c: NodeRuntimeComponents
  readonly #config: NodeConfig
  readonly #listening = Promise.withResolvers<NodeAddresses>()
  readonly #failed = Promise.withResolvers<PalabreError>()
  readonly #unsubscribe: (() => void)[] = []
  #stack: NetworkStack | null = null
  #starting: Promise<void> = Promise.resolve()
  #stopping: Promise<void> | null = null
  #peersTimer: NodeJS.Timeout | undefined
  #reach = 'false false'
  #ownName = ''
  /** Who follows many people at once says so many times. */
  readonly #refreshing = new RunAgain(() =>
    this.#refreshWanted().catch((error: unknown) => this.#warn(error, 'the follows could not be read')),
  )

  constructor(components: NodeRuntimeComponents, config: NodeConfig) {
    this.#c = components
    this.#config = config
    // Whoever doesn't ask for the addresses needn't handle that there are none.
    this.#listening.promise.catch(() => {})
    void components.square.stopped.then((reason) => {
      if (reason !== null) this.#fail(reason)
    })
  }

  get isStopping(): boolean {
    return this.#stopping !== null
  }

  get listening(): Promise<NodeAddresses> {
    return this.#listening.promise
  }

  get failed(): Promise<PalabreError> {
    return this.#failed.promise
  }

  async start(): Promise<void> {
    const { account, collector, devices, fetcher, follows, homeSeeds, logger, network, pinKeeper, square } = this.#c
    this.#unsubscribe.push(
      square.subscribe((event) => this.#onIngested(event)),
      fetcher.subscribe((cid, state) => this.#onMedia(cid, state)),
    )
    await account.settle(this, square)
    await devices.settle().catch((error: unknown) => this.#warn(error, 'this device could not get a new key'))
    const { name, peers } = this.#config
    if (name !== null && account.profile === null) await account.create(name)
    else if (name !== null) logger.warn({ profile: account.profile }, 'there is an account already: --name is ignored')
    await pinKeeper.settle()
    await follows.settle()
    for (const address of peers) network.keep(address)
    for (const address of (await square.listPendingFollows()).flatMap(({ addresses }) => addresses))
      network.keep(address)
    collector.start()
    homeSeeds.start()
    this.noteFollowsChanged()
    await this.#readOwnName()
    for (const part of this.#c.parts) await part.start()
    if (this.#config.isOffline === true) return
    this.#starting = this.#startNetwork()
    void this.#starting
      .then(() => this.#c.introduction.settle())
      .catch((error: unknown) => this.#warn(error, 'the first profile could not be published'))
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  // --- what others call ---

  /** Makes the account this node's own. */
  async adopt(address: Uint8Array, operations: readonly Uint8Array[]): Promise<void> {
    const { account, square } = this.#c
    await square.setAccount({
      author: address,
      device: account.deviceKey,
      secretKey: account.deviceSeed,
      operations,
    })
    await this.#c.rights.refresh()
    // Of an account that exists elsewhere the profile may be held already.
    await this.#readOwnName()
  }

  /** Publishes the first profile record where there is none. */
  introduce(name: string): Promise<void> {
    return this.#c.introduction.introduce(name)
  }

  /** Own records on their way by gossip; before there is a network, sync takes them later. */
  send(author: Uint8Array, published: readonly OwnPublished[]): void {
    this.#stack?.announce(author, published)
  }

  /** A chain that has grown here; before there is a network, sync takes it later. */
  announceChain(address: Uint8Array): void {
    this.#stack?.announceChain(address)
  }

  /** There is a new beat of this account. */
  pushBeat(address: Uint8Array): void {
    this.#stack?.pushAuthor(address)
  }

  requestAuthor(key: Uint8Array): void {
    this.#stack?.requestAuthors([key])
  }

  noteFollowsChanged(): void {
    this.#refreshing.ask()
    this.#c.fetcher.wake()
  }

  /** This device has another key: others know the node by another peer ID from now on (LOG10). */
  renewNetwork(): void {
    this.#starting = this.#starting.then(() => this.#renewStack())
  }

  // --- network ---

  async #renewStack(): Promise<void> {
    const { account, linker, network } = this.#c
    const before = this.#stack
    if (before === null || this.isStopping || before.host.peerId === formatPeerId(account.deviceKey)) return
    this.#stack = null
    network.noteRestart()
    linker.noteRestart()
    const listen = onPorts(this.#config.listen, portsOf(before.host.addresses()))
    await before.stop()
    await this.#startNetwork(listen)
  }

  async #startNetwork(listen = this.#config.listen): Promise<void> {
    const { account, logger, network } = this.#c
    try {
      await new Promise((resolve) => setTimeout(resolve, NETWORK_PAUSE_MS))
      const NetworkStack = await loadNetworkStack()
      if (this.isStopping) return
      const stack = await NetworkStack.start(this.#stackComponents(), { ...this.#stackInit(), listen })
      if (this.isStopping) return await stack.stop()
      this.#attach(stack)
      const { peerId } = stack.host
      const addresses = stack.host.addresses()
      logger.info({ peerId, addresses }, 'listening')
      this.#listening.resolve({ profile: account.profile, peerId, addresses })
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      logger.error({ err: cause }, 'the network could not start')
      network.fail(reason)
      this.#c.linker.fail(reason)
      this.#listening.reject(new PalabreError('network-failed', `the network could not start: ${reason}`, { cause }))
    }
  }

  #stackComponents() {
    const { square, holdingNotes, bans, logger, clock, random, drill } = this.#c
    return { square, book: holdingNotes, bans, logger, clock, random, cut: drill.cut }
  }

  #stackInit() {
    const { account, beats, cards, catchUps, clocks, comparisons, evidence, fetcher, headCheck, knownPeers, wanted } =
      this.#c
    const { network, role, announce, relayPlaces, maxConnections } = this.#config
    return {
      network,
      role,
      announce,
      relayPlaces,
      maxConnections,
      deviceSeed: account.deviceSeed,
      deviceKey: account.deviceKey,
      profile: () => account.address,
      name: () => this.#ownName,
      cards: this.#config.discovers === false ? null : cards,
      wanted,
      onSync: (event: SyncEvent) => {
        headCheck.noteSync(event)
        clocks.noteSync(event)
        comparisons.noteSync(event)
        catchUps.noteSync(event)
        beats.noteSync(event)
        evidence.noteSync(event)
        this.#c.drill.noteSync(event)
      },
      owes: (peerId: string) => evidence.owes(peerId),
      onPeersChanged: () => this.#notePeersChanged(),
      onPeerJoined: () => fetcher.peerConnected(),
      onUsefulAddress: (address: string) => knownPeers.note(address),
      onSynced: (session: SyncedSession) => {
        for (const part of this.#c.parts) part.noteSynced(session)
      },
    }
  }

  #attach(stack: NetworkStack): void {
    const { blockSource, fetcher, knownPeers, linker, network } = this.#c
    this.#stack = stack
    blockSource.attach(stack.blocks)
    network.attach(stack)
    linker.attach(stack.links)
    for (const address of knownPeers.list()) stack.suggest(address)
    fetcher.start()
    this.noteFollowsChanged()
    this.#notePeersChanged()
  }

  #notePeersChanged(): void {
    this.#peersTimer ??= setTimeout(() => {
      this.#peersTimer = undefined
      const { events, headCheck, homeSeeds, network, square } = this.#c
      const connected = network.listConnected()
      headCheck.notePeers()
      network.noteConnections()
      homeSeeds.notePeers()
      events.publish({ type: 'network' })
      const peers = connected.length
      const seeds = connected.filter(({ isSeed }) => isSeed).length
      const names = connected.map(({ peerId, name }): [string, string] => [peerId, name])
      square
        .setConnection({ peers, seeds, names })
        .then(() => this.#noteReach(peers > 0, seeds > 0))
        .catch((error: unknown) => this.#warn(error, 'the store did not hear of the peers'))
    }, PEERS_CHANGED_MS)
    this.#peersTimer.unref()
  }

  /** Own posts say why they haven't travelled; that has just changed for all of them. */
  #noteReach(hasPeers: boolean, hasSeeds: boolean): void {
    const reach = `${hasPeers} ${hasSeeds}`
    if (reach === this.#reach) return
    this.#reach = reach
    this.#c.events.publish({ type: 'posts', ids: [], all: true })
  }

  // --- events ---

  #onIngested(event: IngestedEvent): void {
    const { account, beats, collector, devices, events, fetcher, follows, logger, pinKeeper, rights } = this.#c
    const { source, records, identities, gaps } = event
    const heard = [...records.filter(({ isOwn }) => isOwn), ...event.beats]
    if (source.kind !== 'own' && heard.some(({ device }) => equalBytes(device, account.deviceKey))) {
      devices.replaceForked().catch((error: unknown) => this.#warn(error, 'this device could not get a new key'))
    }
    logger.debug({ source, records: records.length, identities: identities.length, gaps: gaps.length }, 'ingested')
    for (const hint of toNodeEvents(event)) events.publish(hint)
    beats.noteIngested(event)
    this.#stack?.noteIngested(event)
    if (event.records.some(({ media }) => media.length > 0)) fetcher.wake()
    if (event.records.some(({ kind }) => kind === KIND.delete)) collector.noteDeletion()
    if (event.identities.length > 0) {
      for (const part of this.#c.parts) part.noteIdentities(event.identities)
      follows.settle().catch((error: unknown) => this.#warn(error, 'waiting follows could not be looked at'))
      pinKeeper.settle().catch((error: unknown) => this.#warn(error, 'pins could not be looked at'))
    }
    const isFriendsProfile = event.records.some(
      ({ kind, author }) => kind === KIND.profile && this.#c.wanted.has(author),
    )
    // What another device of this account follows is wanted here too.
    const isOwnFollow = source.kind !== 'own' && records.some(({ kind, isOwn }) => kind === KIND.follow && isOwn)
    if (isFriendsProfile || isOwnFollow) this.noteFollowsChanged()
    rights.noteIngested(event)
    if (event.records.some(({ kind, isOwn }) => kind === KIND.profile && isOwn)) {
      this.#readOwnName().catch((error: unknown) => this.#warn(error, 'the own name could not be read'))
    }
  }

  async #readOwnName(): Promise<void> {
    const { account, square } = this.#c
    if (account.profile !== null) this.#ownName = (await square.names([account.profile]))[0] ?? ''
  }

  #onMedia(cid: string, state: ReturnType<MediaFetcher['stateOf']>): void {
    const { events, square } = this.#c
    events.publish({ type: 'media', cid, state })
    if (state !== 'fetching') return
    square.noteFetchStarted(cid).catch((error: unknown) => this.#warn(error, 'a fetch could not be noted'))
  }

  /** Whom this node wants to hear, and where their seeds are. */
  async #refreshWanted(): Promise<void> {
    const { pinKeeper, square, wanted } = this.#c
    const followed = (await square.follows()).map(({ profile }) => profile)
    const added = wanted.replace([...followed, ...pinKeeper.keys.map(formatPeerId)])
    const stack = this.#stack
    if (stack === null) return
    stack.noteWanted(added.length > 0)
    if (added.length > 0) stack.requestAuthors(added)
    // Asked at once: beside a sync each answer waits until a batch is written.
    const views = await Promise.all(followed.slice(0, MAX_SUGGESTED).map((profile) => square.profile(profile)))
    for (const { addresses } of views.flatMap(({ seeds }) => seeds)) {
      for (const address of addresses) stack.suggest(address)
    }
  }

  // --- the end ---

  #fail(reason: PalabreError): void {
    this.#c.logger.error({ err: reason }, 'the node cannot go on')
    this.#failed.resolve(reason)
  }

  async #stopAll(): Promise<void> {
    const { beats, catchUps, collector, events, fetcher, headCheck, homeSeeds } = this.#c
    const { linker, network, parts, saved, square } = this.#c
    clearTimeout(this.#peersTimer)
    beats.stop()
    headCheck.stop()
    await this.#within('handing over', FLUSH_MS, this.#handOver())
    events.stop()
    network.detach()
    linker.stop()
    await this.#within('the network', NETWORK_STOP_MS, this.#stopNetwork())
    catchUps.stop()
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    await this.#within(
      'the store',
      STORE_STOP_MS,
      Promise.all([
        ...[fetcher, collector, homeSeeds, ...parts].map((part) => part.stop()),
        ...saved.map((file) => file.flush()),
      ]).then(() => square.close()),
    )
    this.#listening.reject(new PalabreError('stopping', 'the node has stopped'))
  }

  async #handOver(): Promise<void> {
    await this.#stack?.flush(AbortSignal.timeout(FLUSH_MS))
  }

  async #stopNetwork(): Promise<void> {
    await this.#starting
    await this.#stack?.stop()
  }

  /** Waits for a part of the stop, but no longer than it may take. */
  async #within(what: string, limitMs: number, work: Promise<unknown>): Promise<void> {
    try {
      if (!(await endsWithin(limitMs, work))) this.#c.logger.warn({ limitMs }, `${what} took too long to stop`)
    } catch (error) {
      this.#warn(error, `${what} did not stop cleanly`)
    }
  }

  #warn(error: unknown, message: string): void {
    if (!this.isStopping) this.#c.logger.warn({ err: error }, message)
  }
}

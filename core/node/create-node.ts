import { mkdir } from 'node:fs/promises'
import { formatPeerId } from '../identity/peer-id.ts'
import { MediaCollector } from '../media/collector.ts'
import { MediaFetcher } from '../media/fetcher.ts'
import { BanBook } from '../net/ban-book.ts'
import { systemClock } from '../util/clock.ts'
import { systemRandom } from '../util/random.ts'
import { createAccountParts } from './account-parts.ts'
import { AccountService } from './account-service.ts'
import { createRouter } from './api/router.ts'
import { Archives } from './archives.ts'
import { BeatMaker } from './beat-maker.ts'
import { BlackoutDrill } from './blackout-drill.ts'
import { CatchUpProgress } from './catch-up-progress.ts'
import { LOCAL_SEARCH_TIMES, SEARCH_TIMES } from './chain-search.ts'
import { ClockWatch, steadyClock } from './clock-watch.ts'
import { ComparisonBook } from './comparison-book.ts'
import { createSilences } from './create-silences.ts'
import { DataSaver } from './data-saver.ts'
import { endsWithin } from './deadline.ts'
import { DeviceReplacer } from './device-replacer.ts'
import { DeviceRights } from './device-rights.ts'
import { EventHub } from './event-hub.ts'
import { EvidenceKeeper } from './evidence-keeper.ts'
import { FollowManager } from './follow-manager.ts'
import { HeadCheck } from './head-check.ts'
import { HoldingNotes } from './holding-notes.ts'
import { HomeSeeds } from './home-seeds.ts'
import { IdentityChains } from './identity-chains.ts'
import { createInboxParts } from './inbox-parts.ts'
import { Introduction } from './introduction.ts'
import { InvitationMaker } from './invitation-maker.ts'
import { Invitations } from './invitations.ts'
import { KnownPeers } from './known-peers.ts'
import { LateBlockSource } from './late-block-source.ts'
import { MediaService } from './media-service.ts'
import { NetworkService } from './network-service.ts'
import type { NodeComponents, NodeConfig, PalabreNode } from './node-config.ts'
import { NodeRuntime } from './node-runtime.ts'
import { PeerCards } from './peer-cards.ts'
import { People } from './people.ts'
import { LOCAL_SEARCH_LIMIT_MS, PersonFinder, SEARCH_LIMIT_MS } from './person-finder.ts'
import { PinKeeper, parsePins } from './pin-keeper.ts'
import { Drafts } from './publish/drafts.ts'
import { Publisher } from './publish/publisher.ts'
import { Writing } from './publish/writing.ts'
import { SavedBans } from './saved-bans.ts'
import { SettingsFile } from './settings-file.ts'
import { SquareClient } from './square-client.ts'
import { StorageService } from './storage-service.ts'
import { TrafficLedger } from './traffic-ledger.ts'
import { WantedAuthors } from './wanted-authors.ts'
import { WantedProfiles } from './wanted-profiles.ts'

export type { NodeAddresses, NodeComponents, NodeConfig, PalabreNode } from './node-config.ts'

/** What is held back for a full disk; the many nodes of one machine need less. */
const BALLAST_BYTES = 64 * 1_048_576
const LOCAL_BALLAST_BYTES = 4 * 1_048_576
/** What came and went since it was last written down is lost after this time. */
const LEDGER_MS = 500
/**
 * Builds a node: with `account-parts.ts`, the one place where objects meet. Opens the vault and the store's thread; nothing is dialled, and
 * libp2p isn't loaded, before `start`.
 *
 * @throws PalabreError vault-…, database-…, bad-request for a pin that names nobody; then nothing is left open
 */
export async function createNode(config: NodeConfig, components: NodeComponents): Promise<PalabreNode> {
  const { logger, clock = systemClock, random = systemRandom, secrets } = components
  const { dataDir, role, admit, network: descriptor } = config
  const pins = parsePins(config.pins)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const events = new EventHub()
  const account = new AccountService({ logger, random, events, secrets }, { dataDir, domain: descriptor.domain })
  await account.open()
  const settings = new SettingsFile({ logger }, { dataDir, onChanged: () => void saver.look() })
  await settings.load()
  const knownPeers = new KnownPeers({ logger, clock }, { dataDir })
  await knownPeers.load()
  const bans = new BanBook({ clock })
  const savedBans = new SavedBans({ bans, logger }, { dataDir })
  await savedBans.load()
  const square = await SquareClient.open(
    { logger, thread: components.storeThread },
    {
      dataDir,
      domain: descriptor.domain,
      role,
      admit,
      pins: pins.map(({ key }) => key),
      account: null,
      budgets: config.budgets ?? {},
      ballastBytes: config.ballastBytes ?? (descriptor.isLocal ? LOCAL_BALLAST_BYTES : BALLAST_BYTES),
    },
  )
  const seedIds = () => network.listConnected().flatMap(({ peerId, isSeed }) => (isSeed ? [peerId] : []))
  const clocks = new ClockWatch(
    { logger, clock, steady: steadyClock },
    {
      seeds: seedIds,
      onJump: () => {
        if (account.address !== null) runtime.requestAuthor(account.address)
      },
      onRight: () => {
        if (account.address === null) return
        // What was signed with a wrong clock is signed anew (LOG13); whatever is written next does the same.
        publisher.publish([]).catch((error: unknown) => logger.debug({ err: error }, 'the own log was not looked at'))
      },
    },
  )
  const comparisons = new ComparisonBook({ clock })
  const catchUps = new CatchUpProgress({ events, clock, steady: steadyClock, logger })
  const evidence = new EvidenceKeeper({ store: square, book: square, events, clock, logger })
  square.subscribe((event) => evidence.noteIngested(event))
  const archives = new Archives({ square, identity: account, events, clock, logger }, config)
  const network: NetworkService = new NetworkService(
    {
      identity: account,
      reader: square,
      storage: square,
      bans,
      clock,
      clocks,
      catchUps,
      imports: archives.imports,
      drill: { running: () => drill.running() },
    },
    {
      peerId: () => formatPeerId(account.deviceKey),
      role,
      network: descriptor.name,
      isLocal: descriptor.isLocal,
      sharesAddresses: () => cards.sharesAddresses,
      saving: () => saver.saving(),
      knowsPeers: () => knownPeers.list().length > 0,
    },
  )
  const wanted = new WantedProfiles()
  const cards: PeerCards = new PeerCards(
    { identity: account, chains: square, wanted, settings, clock, logger },
    { dataDir, network: descriptor.domain, role },
  )
  const drill: BlackoutDrill = new BlackoutDrill(
    {
      identity: account,
      network,
      reader: square,
      cards,
      storage: square,
      states: square,
      events,
      clock,
      steady: steadyClock,
      logger,
    },
    { role, isLocal: descriptor.isLocal, bootstrap: descriptor.bootstrap },
  )
  square.subscribe((event) => drill.noteIngested(event))
  const ledger = new TrafficLedger({ network, book: square, clock, logger })
  const chains = new IdentityChains({
    chains: square,
    door: square,
    outlet: { announceChain: (address) => runtime.announceChain(address) },
  })
  const rights = new DeviceRights({ identity: account, chains, events, logger })
  const replacer = new DeviceReplacer(
    { account, chains, store: square, events, clock, random, logger },
    { domain: descriptor.domain, onReplaced: () => runtime.renewNetwork() },
  )
  /** What anybody may be told of them: nothing where the person keeps them back. */
  const ownAddresses = () => (cards.sharesAddresses ? network.addresses() : [])
  const people = new People({
    identity: account,
    chains: square,
    peers: network,
    ownAddresses,
    whereabouts: (profile) => cards.addressesOf(profile),
  })
  const holdingNotes = new HoldingNotes({ book: square, events }, { onHeld: (...held) => drill.noteHeld(...held) })
  const blockSource = new LateBlockSource()
  const fetcher = new MediaFetcher({
    index: square,
    blocks: square,
    source: blockSource,
    hasPeers: () => blockSource.hasPeers,
    isSaving: () => saver.saving() !== null,
    logger,
    clock,
  })
  const saver: DataSaver = new DataSaver({ settings, ledger, events, onFree: () => fetcher.wake(), clock, logger })
  const collector = new MediaCollector({ index: square, logger })
  const media = new MediaService({ index: square, blocks: square, fetcher })
  const drafts = new Drafts({ random })
  const headCheck = new HeadCheck(
    { identity: account, network, logger },
    {
      isNeeded: account.address !== null,
      ask: () => {
        if (account.address !== null) runtime.requestAuthor(account.address)
      },
    },
  )
  const beats = new BeatMaker(
    { identity: account, store: square, head: headCheck, logger },
    { onBeat: (address) => runtime.pushBeat(address) },
  )
  const publisher = new Publisher({
    identity: account,
    ownLog: square,
    rights,
    devices: replacer,
    head: headCheck,
    outlet: {
      send(author, published) {
        holdingNotes.notePublished(account.deviceKey, published)
        runtime.send(author, published)
      },
    },
  })
  const writing = new Writing({ identity: account, publisher, reader: square, bodies: square, drafts, media })
  const homeSeeds = new HomeSeeds({
    identity: account,
    peers: network,
    writing,
    reader: square,
    events,
    book: square,
    clock,
    logger,
  })
  const introduction = new Introduction({ account, reader: square, publisher, drafts, homeSeeds, head: headCheck })
  const wantedAuthors = new WantedAuthors({ store: square })
  const finder = new PersonFinder(
    { network, chains: square, wanted: wantedAuthors, events, clock, logger },
    {
      limitMs: config.searchLimitMs ?? (descriptor.isLocal ? LOCAL_SEARCH_LIMIT_MS : SEARCH_LIMIT_MS),
      times: descriptor.isLocal ? LOCAL_SEARCH_TIMES : SEARCH_TIMES,
      onFound: (author) => runtime.requestAuthor(author),
    },
  )
  const follows = new FollowManager({
    identity: account,
    people,
    book: square,
    chains: square,
    reader: square,
    publisher,
    drafts,
    addresses: network,
    events,
    logger,
    onWanted: (key) => runtime.requestAuthor(key),
    onUnknown: (key, addresses) => finder.find(key, addresses),
    onChanged: () => runtime.noteFollowsChanged(),
  })
  const { name: networkName, domain, isLocal } = descriptor
  const invitationMaker = new InvitationMaker(
    { identity: account, reader: square, chains: square, peers: network, cards: cards.book, ownAddresses, clock },
    { network: networkName, domain, isLocal, role },
  )
  const invitations = new Invitations(
    {
      identity: account,
      maker: invitationMaker,
      reader: square,
      chains,
      follows,
      network,
      knownPeers,
      states: square,
      events,
      clock,
    },
    { network: networkName, domain, isLocal },
  )
  const pinKeeper = new PinKeeper({ chains: square, store: square, logger }, { pins })
  const accountParts = createAccountParts(
    {
      account,
      chains,
      rights,
      people,
      network,
      publisher,
      square,
      wanted: wantedAuthors,
      events,
      clock,
      random,
      logger,
    },
    {
      domain: descriptor.domain,
      isLocal: descriptor.isLocal,
      guardianDelayMs: config.guardianDelayMs,
      requestAuthor: (address) => runtime.requestAuthor(address),
      onFollowsChanged: () => runtime.noteFollowsChanged(),
    },
  )
  const { devices, guardians, guardianRecovery, linker, privateBook, recovery } = accountParts
  const { silences, words } = createSilences({
    identity: account,
    people,
    book: privateBook,
    square,
    publisher,
    drafts,
    events,
    clock,
    logger,
  })
  const { answers, parts } = createInboxParts({ account, network, square, clock, logger }, [silences, words])
  const runtime: NodeRuntime = new NodeRuntime(
    {
      account,
      bans,
      beats,
      blockSource,
      cards,
      catchUps,
      clock,
      clocks,
      comparisons,
      collector,
      devices: replacer,
      drill,
      events,
      evidence,
      fetcher,
      follows,
      headCheck,
      holdingNotes,
      homeSeeds,
      introduction,
      knownPeers,
      linker,
      logger,
      media,
      network,
      parts: [guardians, guardianRecovery, evidence, archives, ledger, saver, cards, finder, drill, ...parts],
      pinKeeper,
      publisher,
      random,
      rights,
      saved: [knownPeers, savedBans],
      square,
      wanted,
    },
    { ...config, peers: [...config.peers, ...descriptor.bootstrap, ...pins.flatMap(({ addresses }) => addresses)] },
  )
  const router = createRouter({
    services: {
      account,
      bans,
      publishing: writing,
      beyond: archives.welcome,
      reader: square,
      answers,
      follows,
      links: people,
      finder,
      comparisons,
      media,
      network,
      evidence,
      imports: archives.imports,
      exports: archives.exports,
      invitations,
      drill,
      ledger,
      storage: new StorageService({ store: square, reader: square, identity: account }),
      settings,
      events,
      devices,
      replacements: replacer,
      linker,
      recovery,
      guardians,
      privateBook,
      silences,
      words,
    },
    gate: runtime,
    logger,
  })
  return {
    router,
    start: async () => {
      await runtime.start()
      await recovery.settle()
    },
    stop: async () => {
      await endsWithin(LEDGER_MS, ledger.write())
      await Promise.all([recovery.stop(), runtime.stop()])
    },
    listening: runtime.listening,
    failed: runtime.failed,
    readMedia: (cid, signal) => media.read(cid, { signal }),
  }
}

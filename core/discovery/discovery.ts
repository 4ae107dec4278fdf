/**
 * Who is where: this node's own card, asking others for the cards of people whom it wants, dialling what the plan says,
 * and noticing that no seed can be reached any more, when people reach each other directly (DSC7 … DSC9).
 */
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { addressOf, isPublicAddress } from '../net/addresses.ts'
import type { LanPeer } from '../net/lan-discovery.ts'
import type { HostEvent, PeerHost } from '../net/peer-host.ts'
import type { PeerManager } from '../net/peer-manager.ts'
import { MAX_CARD_ADDRESS_BYTES, MAX_CARD_ADDRESSES, type PeerCard, signPeerCard } from '../record/peer-card.ts'
import { equalBytes } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { RandomSource } from '../util/random.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import type { CardBook } from './card-book.ts'
import { DESKTOP_GOALS, DIRECT_GOALS, type PlannedPeer, planDials, SEED_GOALS } from './dial-plan.ts'
import { MAX_ASKED_AUTHORS, RESIGN_AFTER_MS } from './limits.ts'
import { PeerExchange } from './peer-exchange.ts'

export interface DiscoveryTimes {
  /** Between two looks at whom to dial. */
  readonly planEveryMs: number
  /** Between two questions to a few peers. */
  readonly askEveryMs: number
  /** Without a seed for so long, a node is in direct mode. */
  readonly directAfterMs: number
}

export const DISCOVERY_TIMES: DiscoveryTimes = {
  planEveryMs: 5_000,
  askEveryMs: 600_000,
  // Dead seeds are noticed after half a minute: old contacts are to have each other again within one (docs/simulation.md).
  directAfterMs: 15_000,
}

/** On one machine everything is near. */
export const LOCAL_DISCOVERY_TIMES: DiscoveryTimes = { planEveryMs: 1_000, askEveryMs: 10_000, directAfterMs: 5_000 }

/** Seeds that one question asks for. */
const ASKED_SEEDS = 16
/** Peers that are asked by and by, and at once for somebody who is looked for. */
const ASKED_PEERS = 2
const MAX_ASKED_AT_ONCE = 16
/** Candidates of each kind that one look weighs. */
const MAX_CANDIDATES = 64
/** Computers nearby that are remembered, and that are dialled at a time. */
const MAX_LAN_PEERS = 64
const MAX_LAN_DIALS = 8
/** What has changed together is looked at once. */
const SETTLE_MS = 100

/** What is known of a connected peer. */
export interface PeerSaid {
  readonly role: 'peer' | 'seed' | 'unknown'
  /** Profile address of the account that runs there. */
  readonly profile: string | null
}

export interface LocateOptions {
  /** Peers that needn't be asked. */
  readonly asked: Set<string>
  readonly onFound: (addresses: readonly string[]) => void
}

export interface DiscoveryComponents {
  readonly host: PeerHost
  readonly dials: Pick<PeerManager, 'call'>
  readonly book: CardBook
  readonly verifier: SignatureVerifier
  readonly random: RandomSource
  readonly logger: Logger
  readonly clock: Clock
}

export interface DiscoveryInit {
  /** The network's signature domain. */
  readonly network: string
  readonly role: 'peer' | 'seed'
  /** Loopback and private addresses mean something to the others too. */
  readonly isLocal: boolean
  /** 32-byte seed of the device's key. */
  readonly deviceSeed: Uint8Array
  /** 32-byte address of the account here, null while there is none. */
  readonly author: () => Uint8Array | null
  readonly saidOf: (peerId: string) => PeerSaid
  readonly isWanted: (author: Uint8Array) => boolean
  /** 32-byte addresses of those whom this node wants to hear. */
  readonly wanted: () => readonly Uint8Array[]
  /** Whose chain lists the device, null where none that is held does. */
  readonly findAuthorOfDevice: (device: Uint8Array) => Promise<Uint8Array | null>
  readonly times: DiscoveryTimes
  /** This device's addresses may be handed on (DSC13). */
  readonly sharesAddresses: () => boolean
  /** The node went into direct mode, or out of it. */
  readonly onModeChange?: () => void
}

export class Discovery implements Startable {
  readonly #components: DiscoveryComponents
  readonly #init: DiscoveryInit
  readonly #exchange: PeerExchange
  readonly #device: Uint8Array
  /** Peer ID → addresses of computers nearby. */
  readonly #lan = new LruMap<string, readonly string[]>(MAX_LAN_PEERS)
  #card: PeerCard | null = null
  #planTimer: NodeJS.Timeout | undefined
  #soonTimer: NodeJS.Timeout | undefined
  #askTimer: NodeJS.Timeout | undefined
  #unsubscribe: () => void = () => {}
  /** Since when no seed is connected, milliseconds since 1970; null while one is. */
  #alone: number | null
  #isDirect = false
  /** What `sharesAddresses` said at the last look. */
  #didShare: boolean
  /** Where among the wanted authors the next question goes on. */
  #askedUpTo = 0

  constructor(components: DiscoveryComponents, init: DiscoveryInit) {
    this.#components = components
    this.#init = init
    this.#alone = components.clock.now()
    this.#didShare = init.sharesAddresses()
    this.#device = parsePeerId(components.host.peerId) as Uint8Array
    const { host, book, verifier, logger, clock } = components
    this.#exchange = new PeerExchange(
      { host, book, verifier, logger, clock },
      {
        network: init.network,
        ownCard: () => this.ownCard(),
        onCard: (card) => {
          this.#attempt(this.#checkClaim(card))
          this.#planSoon()
        },
        onSpeaker: (peerId) => this.#attempt(this.#askFor(peerId, this.#nextAuthors())),
      },
    )
  }

  async start(): Promise<void> {
    const { times } = this.#init
    this.#unsubscribe = this.#components.host.subscribe((event) => this.#onHostEvent(event))
    await this.#exchange.start()
    this.#planTimer = setInterval(() => this.#plan(), times.planEveryMs)
    this.#askTimer = setInterval(() => this.#askSome(), times.askEveryMs)
    this.#plan()
  }

  async stop(): Promise<void> {
    clearInterval(this.#planTimer)
    clearInterval(this.#askTimer)
    clearTimeout(this.#soonTimer)
    this.#unsubscribe()
    await this.#exchange.stop()
  }

  /** Since when no seed could be reached, where people are dialled directly; milliseconds since 1970. */
  get directSince(): number | null {
    return this.#isDirect ? this.#alone : null
  }

  /** Others are wanted than before. */
  noteWanted(): void {
    this.#components.book.noteWanted()
    this.#askedUpTo = 0
    this.#askSome()
    this.#planSoon()
  }

  /** A connected peer has said who it is. */
  noteSaid(): void {
    this.#planSoon()
  }

  /** A computer nearby said that it is there. */
  noteLan({ peerId, addresses }: LanPeer): void {
    if (peerId === this.#components.host.peerId) return
    this.#lan.set(
      peerId,
      addresses.slice(0, MAX_CARD_ADDRESSES).map((address) => addressOf(address, peerId)),
    )
    this.#planSoon()
  }

  get lanPeers(): number {
    return this.#lan.size
  }

  /** Nobody answered at this peer's address. */
  noteSilent(peerId: string): void {
    const device = parsePeerId(peerId)
    if (device !== undefined) this.#components.book.noteSilent(device)
  }

  /**
   * Asks who is connected, and not among `asked`, where the author's devices are; they are added to `asked`.
   *
   * @param onFound is told addresses with peer IDs, of all devices that are known then: at once, and after each answer.
   *   A silent peer keeps nobody waiting for the others. Must not throw
   */
  async locate(author: Uint8Array, { asked, onFound, signal }: AbortOptions & LocateOptions): Promise<void> {
    const tell = () => onFound(this.#components.book.ofAuthors([author], MAX_CANDIDATES).flatMap(dialable))
    tell()
    const next = this.#exchange.peers().filter((peerId) => !asked.has(peerId))
    const ask = async (peerId: string) => {
      asked.add(peerId)
      await this.#askFor(peerId, [author], { signal }).then(tell, () => {})
    }
    await Promise.all(next.slice(0, MAX_ASKED_AT_ONCE).map(ask))
  }

  /**
   * This device's card as it is now; null while it has no address that may be told. Where none is to be handed on, one
   * without addresses, which takes back those before (DSC3).
   */
  ownCard(): PeerCard | null {
    const { clock } = this.#components
    const { role, network, deviceSeed, sharesAddresses } = this.#init
    const isShared = sharesAddresses()
    const addresses = isShared ? this.#tellableAddresses() : []
    const author = this.#init.author()
    const now = clock.now()
    const known = this.#card
    const isSame =
      known !== null &&
      known.addresses.join(' ') === addresses.join(' ') &&
      String(known.author) === String(author) &&
      now - known.ts < RESIGN_AFTER_MS
    if (isSame) return known
    if (isShared && addresses.length === 0 && known === null) return null
    const word = { device: this.#device, author, role, addresses, extensions: {} }
    this.#card = signPeerCard({ ...word, ts: Math.max(now, (known?.ts ?? 0) + 1) }, { secretKey: deviceSeed, network })
    return this.#card
  }

  #tellableAddresses(): string[] {
    const { host } = this.#components
    return host
      .addresses()
      .map((address) => address.replace(new RegExp(`/p2p/${host.peerId}$`, 'u'), ''))
      .filter((address) => address.length <= MAX_CARD_ADDRESS_BYTES)
      .filter((address) => this.#init.isLocal || isPublicAddress(address))
      .slice(0, MAX_CARD_ADDRESSES)
  }

  /** Whoever is connected gets the new card at once: with each question it is shown. */
  #noteSharing(): void {
    const isShared = this.#init.sharesAddresses()
    if (isShared === this.#didShare) return
    this.#didShare = isShared
    for (const peerId of this.#exchange.peers()) this.#attempt(this.#askFor(peerId, []))
  }

  /** Anybody can say to be a device of somebody: the chain tells. */
  async #checkClaim({ device, author }: PeerCard): Promise<void> {
    if (author === null || !this.#init.isWanted(author)) return
    const found = await this.#init.findAuthorOfDevice(device)
    this.#components.book.noteListed(device, found !== null && equalBytes(found, author))
    this.#planSoon()
  }

  #onHostEvent(event: HostEvent): void {
    if (event.type === 'peer-connected') {
      const device = parsePeerId(event.peerId)
      if (device !== undefined) this.#components.book.noteMet(device)
    }
    if (event.type === 'peer-connected' || event.type === 'peer-disconnected') this.#planSoon()
  }

  #planSoon(): void {
    if (this.#soonTimer !== undefined || this.#planTimer === undefined) return
    this.#soonTimer = setTimeout(() => this.#plan(), SETTLE_MS)
  }

  #plan(): void {
    clearTimeout(this.#soonTimer)
    this.#soonTimer = undefined
    this.#noteSharing()
    const { book, dials, host } = this.#components
    const peers = host.connections().flatMap(({ peerId, direction }) => this.#plannedPeer(peerId, direction))
    this.#noteSeeds(peers.some(({ isSeed }) => isSeed))
    const candidates = {
      seeds: book.seeds(MAX_CANDIDATES),
      wanted: book.wanted(MAX_CANDIDATES),
      others: book.others(MAX_CANDIDATES),
    }
    const nearby = [...this.#lan.entries()].filter(([peerId]) => !host.isConnected(peerId)).slice(0, MAX_LAN_DIALS)
    const planned = planDials(peers, candidates, this.#goals()).flatMap(dialable)
    dials.call([...planned, ...nearby.flatMap(([, addresses]) => addresses)])
  }

  #goals() {
    if (this.#init.role === 'seed') return SEED_GOALS
    return this.#isDirect ? DIRECT_GOALS : DESKTOP_GOALS
  }

  #plannedPeer(peerId: string, direction: 'in' | 'out'): PlannedPeer[] {
    const device = parsePeerId(peerId)
    if (device === undefined) return []
    const said = this.#init.saidOf(peerId)
    const card = this.#components.book.get(device)
    // Who has had nothing to talk about yet has still shown its card.
    const author = said.profile === null ? (card?.author ?? null) : (parsePeerId(said.profile) ?? null)
    const role = said.role === 'unknown' ? card?.role : said.role
    return [
      {
        device,
        author,
        isSeed: role === 'seed',
        isWanted: author !== null && this.#init.isWanted(author),
        isOutbound: direction === 'out',
      },
    ]
  }

  #noteSeeds(hasSeed: boolean): void {
    const now = this.#components.clock.now()
    this.#alone = hasSeed ? null : (this.#alone ?? now)
    const { role, times } = this.#init
    const isDirect = role === 'peer' && this.#alone !== null && now - this.#alone >= times.directAfterMs
    if (isDirect === this.#isDirect) return
    this.#isDirect = isDirect
    this.#components.logger.info({ isDirect }, isDirect ? 'no seed can be reached: direct mode' : 'a seed is back')
    this.#init.onModeChange?.()
    if (isDirect) this.#askSome()
  }

  /** A few peers, seeds as likely as others, for the next of those whose devices aren't known. */
  #askSome(): void {
    const peers = this.#exchange.peers()
    const count = this.#isDirect ? MAX_ASKED_AT_ONCE : ASKED_PEERS
    const first = Math.floor(((this.#components.random(1)[0] as number) / 256) * peers.length)
    for (const peerId of [...peers.slice(first), ...peers.slice(0, first)].slice(0, count)) {
      this.#attempt(this.#askFor(peerId, this.#nextAuthors()))
    }
  }

  #nextAuthors(): readonly Uint8Array[] {
    const unknown = this.#init.wanted().filter((author) => !this.#components.book.hasAuthor(author))
    if (this.#askedUpTo >= unknown.length) this.#askedUpTo = 0
    const next = unknown.slice(this.#askedUpTo, this.#askedUpTo + MAX_ASKED_AUTHORS)
    this.#askedUpTo += next.length
    return next
  }

  async #askFor(peerId: string, authors: readonly Uint8Array[], options: AbortOptions = {}): Promise<void> {
    await this.#exchange.ask(peerId, { authors, seeds: ASKED_SEEDS }, options)
  }

  #attempt(work: Promise<void>): void {
    work.catch((error: unknown) => this.#components.logger.debug({ err: error }, 'a peer told of nobody'))
  }
}

/** The addresses of a card as they are dialled. */
export function dialable({ device, addresses }: PeerCard): string[] {
  const peerId = formatPeerId(device)
  return addresses.map((address) => addressOf(address, peerId))
}

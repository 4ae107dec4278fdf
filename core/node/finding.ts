/**
 * How a node's network finds people: the peer cards, the DHT, computers nearby. One of these stands beside each running
 * network; a node that dials only whom it is told to has one that looks for nobody.
 */
import { DhtNotices } from '../discovery/dht-notices.ts'
import { DISCOVERY_TIMES, Discovery, LOCAL_DISCOVERY_TIMES, type LocateOptions } from '../discovery/discovery.ts'
import { parsePeerId } from '../identity/peer-id.ts'
import { Dht, type dhtService, type Provider } from '../net/dht.ts'
import type { LanPeer } from '../net/lan-discovery.ts'
import type { PeerHost } from '../net/peer-host.ts'
import type { PeerManager } from '../net/peer-manager.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { RandomSource } from '../util/random.ts'
import type { AbortOptions, Startable } from '../util/startable.ts'
import type { NetworkDescriptor } from './network-descriptor.ts'
import type { PeerCards } from './peer-cards.ts'

export interface FindingComponents {
  readonly host: PeerHost
  readonly dht: ReturnType<ReturnType<typeof dhtService>>
  readonly manager: PeerManager
  /** Null for a node that dials only whom it is told to. */
  readonly cards: Pick<PeerCards, 'book' | 'isWanted' | 'listWanted' | 'sharesAddresses' | 'verifier'> | null
  readonly chains: { findAuthorOfDevice(device: Uint8Array): Promise<Uint8Array | null> }
  readonly random: RandomSource
  readonly logger: Logger
  readonly clock: Clock
}

export interface FindingInit {
  readonly network: NetworkDescriptor
  readonly role: 'peer' | 'seed'
  readonly deviceSeed: Uint8Array
  /** 32-byte address of the account here, null while there is none. */
  readonly profile: () => Uint8Array | null
  /** The node went into direct mode, or out of it. */
  readonly onModeChange: () => void
}

export class Finding implements Startable {
  readonly #c: FindingComponents
  readonly #init: FindingInit
  readonly #dht: Dht
  readonly #notices: DhtNotices
  readonly #discovery: Discovery | null

  constructor(components: FindingComponents, init: FindingInit) {
    const { host, dht, clock, logger } = components
    this.#c = components
    this.#init = init
    this.#dht = new Dht({ dht })
    this.#notices = new DhtNotices(
      { dht: this.#dht, clock, logger },
      {
        isLocal: init.network.isLocal,
        authors: () => this.#listProvided(),
        isConnected: () => host.connections().length > 0,
      },
    )
    this.#discovery = this.#createDiscovery()
  }

  async start(): Promise<void> {
    if (this.#discovery === null) return
    await this.#discovery.start()
    this.#notices.start()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#discovery?.stop(), this.#notices.stop()])
  }

  /** Asks connected peers for addresses of the author's devices. */
  async locate(author: Uint8Array, options: AbortOptions & LocateOptions): Promise<void> {
    await this.#discovery?.locate(author, options)
  }

  /** Null where the DHT isn't asked. */
  findProviders(author: Uint8Array, options: AbortOptions): AsyncIterable<Provider> | null {
    return this.#discovery === null ? null : this.#dht.find(author, options)
  }

  /** Null where nobody listens for computers nearby. */
  get lanPeers(): number | null {
    return this.#init.network.hasLan ? (this.#discovery?.lanPeers ?? null) : null
  }

  /** Since when no seed could be reached, milliseconds since 1970; null in ordinary times. */
  get directSince(): number | null {
    return this.#discovery?.directSince ?? null
  }

  noteLan(peer: LanPeer): void {
    this.#discovery?.noteLan(peer)
  }

  noteSilent(peerId: string): void {
    this.#discovery?.noteSilent(peerId)
  }

  /** A peer has said who it is. */
  noteSaid(): void {
    this.#discovery?.noteSaid()
  }

  noteWanted(): void {
    this.#discovery?.noteWanted()
  }

  #createDiscovery(): Discovery | null {
    const { host, manager, cards, chains, random, logger, clock } = this.#c
    const { network, role, deviceSeed, profile, onModeChange } = this.#init
    if (cards === null) return null
    return new Discovery(
      { host, dials: manager, book: cards.book, verifier: cards.verifier, random, logger, clock },
      {
        network: network.domain,
        role,
        isLocal: network.isLocal,
        deviceSeed,
        author: profile,
        saidOf: (peerId) => manager.notesOf(peerId),
        isWanted: (author) => cards.isWanted(author),
        wanted: () => cards.listWanted(),
        findAuthorOfDevice: (device) => chains.findAuthorOfDevice(device),
        times: network.isLocal ? LOCAL_DISCOVERY_TIMES : DISCOVERY_TIMES,
        onModeChange,
        sharesAddresses: () => cards.sharesAddresses,
      },
    )
  }

  /** The own account, unless that would say where this device is; a seed has the records of who is connected as well. */
  #listProvided(): Uint8Array[] {
    const { host, manager, cards } = this.#c
    const own = cards?.sharesAddresses === false ? null : this.#init.profile()
    const met = this.#init.role === 'seed' ? host.connections() : []
    const authors = met.flatMap(({ peerId }) => parsePeerId(manager.notesOf(peerId).profile ?? '') ?? [])
    return [...(own === null ? [] : [own]), ...authors]
  }
}

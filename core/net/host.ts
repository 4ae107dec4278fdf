import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { type Identify, identify, identifyPush } from '@libp2p/identify'
import type { Connection, Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Ping, ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2pInit, type ServiceFactoryMap } from 'libp2p'
import type { BanReason } from '../contract/bans.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { AbortOptions } from '../util/startable.ts'
import { AddressRanges, compareAddresses, parseAddress } from './addresses.ts'
import { BanBook } from './ban-book.ts'
import { ByteMeter } from './byte-meter.ts'
import { Cut } from './cut.ts'
import { describeDialError, NetworkError } from './errors.ts'
import { Gater } from './gater.ts'
import { Libp2pStream } from './libp2p-stream.ts'
import {
  DIAL_TIMEOUT_MS,
  MAX_READ_BUFFER_BYTES,
  MAX_STREAM_WINDOW_BYTES,
  MAX_WRITE_BUFFER_BYTES,
  type NetLimits,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
} from './net-limits.ts'
import type {
  HostEvent,
  PeerConnection,
  PeerHost,
  PeerStream,
  StreamHandler,
  StreamLimits,
  Traffic,
} from './peer-host.ts'
import type { ReachInit, ReachParts } from './reach-parts.ts'

const PROTECTED_TAG = 'palabre-wanted'

type BaseServices = { identify: Identify; ping: Ping }

export interface HostInit<T extends Record<string, unknown>> {
  /** 32-byte seed of the device's Ed25519 key: the peer ID is the device's. */
  readonly privateKey: Uint8Array
  /** Multiaddrs; port 0 takes a free one. */
  readonly listen: readonly string[]
  /** Addresses under which others reach this node, said besides those it listens on. */
  readonly announce?: readonly string[]
  readonly limits: NetLimits
  /** Neither dials nor listens nor takes connections outside of loopback. */
  readonly isLocal: boolean
  /** CIDR ranges that a local network may use besides loopback: tests in network namespaces. */
  readonly allowRanges?: readonly string[]
  /** What finds other nodes by itself; libp2p dials none of them. */
  readonly peerDiscovery?: NonNullable<Libp2pInit['peerDiscovery']>
  /** How others reach this node across NATs; left out, or on a local network: not at all. */
  readonly reach?: ReachInit
  /** libp2p services of the layers above, gossip for one; they come up with the host. */
  readonly services: ServiceFactoryMap<T>
  /** What other peers see as this program's name. */
  readonly agent?: string
}

export interface HostComponents {
  readonly logger: Logger
  readonly clock?: Clock
  /** Left out: one that ends with the host. */
  readonly bans?: BanBook
  /** What is kept out for a while; left out: nothing ever is. */
  readonly cut?: Cut
}

/** The peer host with what its builder alone needs; gossip, sync and the peer manager see `PeerHost`. */
export interface Host<T extends Record<string, unknown>> extends PeerHost {
  readonly services: T
  /** For media, which attaches its own exchange to the same node. */
  readonly libp2p: Libp2p
  /** Null on a local network. */
  readonly reach: ReachParts | null
  stop(): Promise<void>
}

/**
 * Starts libp2p over TCP and WebSocket with Noise and Yamux, and resolves when it listens.
 *
 * @throws NetworkError `not-local` when a local network should listen beyond loopback, `bad-address` for a text that
 * is no multiaddr; Node's error (`EADDRINUSE` …) when an address can't be bound.
 */
export async function createHost<T extends Record<string, unknown>>(
  components: HostComponents,
  init: HostInit<T>,
): Promise<Host<T>> {
  const ranges = init.isLocal ? new AddressRanges(init.allowRanges) : null
  const bans = components.bans ?? new BanBook({ clock: components.clock ?? systemClock })
  const cut = components.cut ?? new Cut()
  const gater = new Gater({ bans, cut }, { ranges })
  for (const text of [...init.listen, ...(init.announce ?? [])]) {
    const address = parseAddress(text)
    if (address === undefined) throw new NetworkError('bad-address', `expected a multiaddr, got ${text.slice(0, 100)}`)
    if (!gater.allows(address)) {
      throw new NetworkError('not-local', `the local network stays on this machine: it can't use ${text}`)
    }
  }
  const meter = new ByteMeter()
  const streamOptions = {
    maxStreamWindowSize: MAX_STREAM_WINDOW_BYTES,
    maxReadBufferLength: MAX_READ_BUFFER_BYTES,
    maxWriteBufferLength: MAX_WRITE_BUFFER_BYTES,
  }
  // Not loaded where it isn't used.
  const reach =
    init.reach === undefined || init.isLocal
      ? null
      : (await import('./reach-parts.ts')).createReachParts(init.reach, init.announce ?? [])
  const services = {
    ...init.services,
    ...reach?.services,
    identify: identify(),
    // Relays, and what a crossing takes, come and go while a connection lasts.
    ...(reach === null ? {} : { identifyPush: identifyPush() }),
    ping: ping({ maxInboundStreams: 4, maxOutboundStreams: 4 }),
  } as unknown as ServiceFactoryMap<T & BaseServices>
  const libp2p = await createLibp2p<T & BaseServices>({
    privateKey: await generateKeyPairFromSeed('Ed25519', init.privateKey),
    nodeInfo: { userAgent: init.agent ?? 'palabre' },
    addresses: {
      listen: [...init.listen, ...(reach?.listen ?? [])],
      appendAnnounce: [...(init.announce ?? [])],
      ...(reach === null ? {} : { announceFilter: reach.announceFilter }),
    },
    transports: [tcp(), webSockets(), ...(reach?.transports ?? [])],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: init.limits.maxStreams,
        maxOutboundStreams: init.limits.maxStreams,
        streamOptions,
      }),
    ],
    connectionGater: {
      ...gater.connectionGater(),
      ...(reach === null ? {} : { denyInboundRelayReservation: reach.denyInboundRelayReservation }),
    },
    connectionManager: {
      maxConnections: init.limits.maxConnections,
      inboundConnectionThreshold: init.limits.inboundPerSecond,
      maxIncomingPendingConnections: init.limits.maxPending,
      dialTimeout: DIAL_TIMEOUT_MS,
      addressDialTimeout: DIAL_TIMEOUT_MS,
      // A name in an address of the local network would be a question to somebody else's DNS server.
      ...(init.isLocal ? { resolvers: {} } : {}),
    },
    // Only to find dead connections: a busy machine that answers late is alive.
    connectionMonitor: { pingInterval: PING_INTERVAL_MS, pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    metrics: () => meter.metrics(),
    peerDiscovery: init.peerDiscovery ?? [],
    services,
  })
  return new Libp2pHost<T>({ libp2p, bans, cut, gater, meter, reach, logger: components.logger })
}

class Libp2pHost<T extends Record<string, unknown>> implements Host<T> {
  readonly libp2p: Libp2p<T & BaseServices>
  readonly peerId: string
  readonly services: T
  readonly reach: ReachParts | null
  readonly #bans: BanBook
  readonly #cut: Cut
  readonly #gater: Gater
  readonly #meter: ByteMeter
  readonly #logger: Logger
  readonly #listeners = new Set<(event: HostEvent) => void>()
  readonly #unsubscribe: () => void

  constructor(parts: {
    libp2p: Libp2p<T & BaseServices>
    bans: BanBook
    cut: Cut
    gater: Gater
    meter: ByteMeter
    reach: ReachParts | null
    logger: Logger
  }) {
    const { libp2p, cut, gater, meter, logger } = parts
    this.reach = parts.reach
    this.libp2p = libp2p
    this.services = libp2p.services
    this.peerId = libp2p.peerId.toString()
    this.#bans = parts.bans
    this.#cut = cut
    this.#gater = gater
    this.#meter = meter
    this.#logger = logger
    libp2p.addEventListener('peer:connect', (event) => {
      const peerId = event.detail.toString()
      const direction = this.#bestConnection(peerId)?.direction === 'outbound' ? 'out' : 'in'
      this.#emit({ type: 'peer-connected', peerId, direction })
    })
    libp2p.addEventListener('peer:disconnect', (event) => {
      this.#emit({ type: 'peer-disconnected', peerId: event.detail.toString() })
    })
    libp2p.addEventListener('peer:identify', (event) => {
      const { peerId, protocols } = event.detail
      this.#emit({ type: 'peer-identified', peerId: peerId.toString(), protocols })
    })
    libp2p.addEventListener('self:peer:update', () => this.#emit({ type: 'addresses-changed' }))
    this.#unsubscribe = cut.onEnforce(() => this.#closeCut())
  }

  addresses(): readonly string[] {
    const addresses = this.libp2p.getMultiaddrs().map((address) => address.toString())
    return addresses.sort(compareAddresses)
  }

  connections(): readonly PeerConnection[] {
    const byPeer = new Map<string, Connection>()
    for (const connection of this.libp2p.getConnections()) {
      const peerId = connection.remotePeer.toString()
      const known = byPeer.get(peerId)
      if (known === undefined || isBetter(connection, known)) byPeer.set(peerId, connection)
    }
    return [...byPeer].map(([peerId, connection]) => ({
      peerId,
      address: connection.remoteAddr.toString(),
      direction: connection.direction === 'outbound' ? 'out' : 'in',
      connectedSince: connection.timeline.open,
      isRelayed: connection.limits != null,
    }))
  }

  isConnected(peerId: string): boolean {
    return this.#bestConnection(peerId) !== undefined
  }

  async dial(text: string, options: AbortOptions = {}): Promise<string> {
    const address = parseAddress(text)
    if (address === undefined) throw new NetworkError('bad-address', `expected a multiaddr, got ${text.slice(0, 100)}`)
    if (!this.#gater.allows(address)) {
      throw new NetworkError('not-local', `the local network stays on this machine: ${text} is somewhere else`)
    }
    if (this.#cut.coversAddress(text)) throw new NetworkError('cut', 'the blackout drill keeps it out')
    try {
      const connection = await this.libp2p.dial(address, options.signal ? { signal: options.signal } : {})
      return connection.remotePeer.toString()
    } catch (error) {
      options.signal?.throwIfAborted()
      throw new NetworkError('unreachable', describeDialError(error), { cause: error })
    }
  }

  async disconnect(peerId: string): Promise<void> {
    const connections = this.libp2p.getConnections(peerIdFromString(peerId))
    await Promise.all(
      connections.map(async (connection) => {
        try {
          await connection.close({ signal: AbortSignal.timeout(1_000) })
        } catch (error) {
          connection.abort(error instanceof Error ? error : new Error('disconnected'))
        }
      }),
    )
  }

  ban(peerId: string, reason: BanReason): void {
    this.#bans.ban(peerId, reason)
    // Whoever floods may not read any more: it would have to hear the end of a polite close.
    for (const connection of this.libp2p.getConnections(peerIdFromString(peerId))) {
      connection.abort(new NetworkError('unreachable', `banned: ${reason}`))
    }
  }

  async protect(peerId: string, isProtected: boolean): Promise<void> {
    const tag = isProtected ? { value: 100 } : undefined
    await this.libp2p.peerStore.merge(peerIdFromString(peerId), { tags: { [PROTECTED_TAG]: tag } })
  }

  async handle(protocol: string, handler: StreamHandler, limits: StreamLimits): Promise<void> {
    await this.libp2p.handle(
      protocol,
      (stream, connection) => {
        const peerId = connection.remotePeer.toString()
        handler(new Libp2pStream(stream, peerId)).catch((error: unknown) => {
          this.#logger.debug({ protocol, peerId, error: describeDialError(error) }, 'a stream handler failed')
          stream.abort(error instanceof Error ? error : new Error('the handler failed'))
        })
      },
      // Our own protocols have budgets that a relayed connection can carry; gossip and media wait for a direct one.
      {
        maxInboundStreams: limits.maxInbound,
        maxOutboundStreams: limits.maxOutbound,
        runOnLimitedConnection: true,
      },
    )
  }

  async unhandle(protocol: string): Promise<void> {
    await this.libp2p.unhandle(protocol)
  }

  async openStream(
    peerId: string,
    protocol: string,
    options: AbortOptions & { maxOutbound?: number } = {},
  ): Promise<PeerStream> {
    const connection = this.#bestConnection(peerId)
    if (connection === undefined) throw new NetworkError('unreachable', 'the peer is not connected')
    try {
      const stream = await connection.newStream(protocol, {
        runOnLimitedConnection: true,
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.maxOutbound === undefined ? {} : { maxOutboundStreams: options.maxOutbound }),
      })
      return new Libp2pStream(stream, peerId)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof Error && error.name === 'UnsupportedProtocolError') {
        throw new NetworkError('unsupported-protocol', `the peer doesn't speak ${protocol}`, { cause: error })
      }
      throw new NetworkError('unreachable', describeDialError(error), { cause: error })
    }
  }

  async ping(peerId: string, options: AbortOptions = {}): Promise<number> {
    const service = this.libp2p.services.ping as Ping
    return await service.ping(peerIdFromString(peerId), options.signal ? { signal: options.signal } : {})
  }

  traffic(): Traffic {
    return this.#meter.traffic()
  }

  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async stop(): Promise<void> {
    this.#unsubscribe()
    await this.libp2p.stop()
    this.#listeners.clear()
  }

  #bestConnection(peerId: string): Connection | undefined {
    let best: Connection | undefined
    for (const connection of this.libp2p.getConnections(peerIdFromString(peerId))) {
      if (connection.status !== 'open') continue
      if (best === undefined || isBetter(connection, best)) best = connection
    }
    return best
  }

  /** At once, as a line that breaks does: nobody is told. */
  #closeCut(): void {
    for (const connection of this.libp2p.getConnections()) {
      const isCut = this.#cut.coversConnection(connection.remotePeer.toString(), connection.remoteAddr.toString())
      if (isCut) connection.abort(new NetworkError('cut', 'the blackout drill keeps it out'))
    }
  }

  #emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

/** A direct connection before a relayed one, the oldest of its kind. */
function isBetter(a: Connection, b: Connection): boolean {
  if ((a.limits == null) !== (b.limits == null)) return a.limits == null
  return a.timeline.open < b.timeline.open
}

import { formatPeerId } from '../identity/peer-id.ts'
import type { HostEvent, PeerHost } from '../net/peer-host.ts'
import { planDesktopRoom, planSeedRoom, type RoomGuest, roomOf } from '../net/room-plan.ts'
import type { HelloFrame } from '../sync/frames.ts'
import { claimedStanding, MAX_SAID, type Standing } from '../sync/standing.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { Startable } from '../util/startable.ts'

const REVIEW_MS = 5_000
const SETTLE_MS = 300
const MAX_CLAIMS = 5_000

/** What keeping room needs of the store. */
export interface NamingStore {
  /** Which home seeds a profile names. */
  profile(profile: string): Promise<{ readonly seeds: readonly { readonly peerId: string }[] }>
}

export interface RoomKeeperComponents {
  readonly host: Pick<PeerHost, 'connections' | 'disconnect' | 'isConnected' | 'peerId' | 'subscribe'>
  readonly store: NamingStore
  readonly clock: Clock
  readonly logger: Logger
}

export interface RoomKeeperInit {
  readonly role: 'peer' | 'seed'
  readonly maxConnections: number
  readonly isSeed: (peerId: string) => boolean
  /** This desktop has no seed. */
  readonly isInOutage: () => boolean
  readonly reviewMs?: number
}

/** Who doesn't say what it has, has enough. */
const SILENT: Standing = { seeds: MAX_SAID, links: MAX_SAID }

interface Claim {
  readonly standing: Standing
  readonly isNamed: boolean
}

/**
 * Whoever is full makes room (RCH8, RCH9): what peers say of themselves in the greeting of sync decides who leaves. Their
 * connection is closed and nothing else happens to them: they look elsewhere, and wait longer before they come again.
 */
export class RoomKeeper implements Startable {
  readonly #c: RoomKeeperComponents
  readonly #init: RoomKeeperInit
  readonly #claims = new LruMap<string, Claim>(MAX_CLAIMS)
  #unsubscribe: () => void = () => {}
  #interval: NodeJS.Timeout | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(components: RoomKeeperComponents, init: RoomKeeperInit) {
    this.#c = components
    this.#init = init
  }

  start(): void {
    this.#unsubscribe = this.#c.host.subscribe((event) => this.#onHostEvent(event))
    this.#interval = setInterval(() => this.#review(), this.#init.reviewMs ?? REVIEW_MS)
  }

  async stop(): Promise<void> {
    this.#unsubscribe()
    clearInterval(this.#interval)
    this.#interval = undefined
    clearTimeout(this.#timer)
  }

  /** What this node says of itself to that peer. */
  standingFor(peerId: string): Standing {
    const others = this.#c.host.connections().filter((connection) => connection.peerId !== peerId)
    return { seeds: others.filter((other) => this.#init.isSeed(other.peerId)).length, links: others.length }
  }

  /** A peer has said who it is. */
  noteHello(peerId: string, hello: Pick<HelloFrame, 'capabilities' | 'profile'>): void {
    void this.#weigh(peerId, hello)
  }

  /** Not before it is known whether its profile names this node: it would be sent away as a stranger. */
  async #weigh(peerId: string, hello: Pick<HelloFrame, 'capabilities' | 'profile'>): Promise<void> {
    const isNamed = await this.#isNamedBy(hello.profile)
    if (!this.#c.host.isConnected(peerId)) return
    this.#claims.set(peerId, { standing: claimedStanding(hello) ?? SILENT, isNamed })
    this.#reviewSoon()
  }

  /** Never throws. */
  async #isNamedBy(profile: Uint8Array | null): Promise<boolean> {
    if (profile === null || this.#init.role !== 'seed') return false
    try {
      const { seeds } = await this.#c.store.profile(formatPeerId(profile))
      return seeds.some(({ peerId }) => peerId === this.#c.host.peerId)
    } catch (error) {
      this.#c.logger.debug({ err: error }, 'a profile could not be read')
      return false
    }
  }

  #onHostEvent(event: HostEvent): void {
    if (event.type === 'peer-disconnected') this.#claims.delete(event.peerId)
  }

  #reviewSoon(): void {
    if (this.#interval === undefined || this.#c.host.connections().length === 0) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#review()
    }, SETTLE_MS)
  }

  #review(): void {
    const { host, clock, logger } = this.#c
    const { role, isInOutage, maxConnections } = this.#init
    if (role === 'peer' && !isInOutage()) return
    const guests = host.connections().map((connection) => this.#guest(connection))
    const room = roomOf(maxConnections)
    const leaving =
      role === 'seed' ? planSeedRoom(guests, room, clock.now()) : planDesktopRoom(guests, room, clock.now())
    for (const peerId of leaving) {
      logger.debug({ peerId, connections: guests.length, room }, 'a connection is closed to make room')
      host.disconnect(peerId).catch((error: unknown) => logger.debug({ err: error }, 'a connection did not close'))
    }
  }

  #guest({ peerId, connectedSince, direction }: ReturnType<PeerHost['connections']>[number]): RoomGuest {
    const claim = this.#claims.peek(peerId)
    const isKept = this.#init.isSeed(peerId) || direction === 'out'
    return { peerId, connectedSince, isKept, isNamed: claim?.isNamed ?? false, others: claim?.standing ?? null }
  }
}

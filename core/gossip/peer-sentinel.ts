/**
 * What the pubsub library leaves undone about its peers (GOS9, GOS11). It ignores a graylisted peer and stays connected
 * to it; and when one of its two streams to a peer breaks, it goes deaf to that peer and opens no new one. The sentinel
 * looks once a heartbeat: it bans the first and disconnects the second, which the peer manager then dials again. Whoever
 * floods is banned at once.
 */
import type { BanReason } from '../contract/bans.ts'
import type { PeerHost } from '../net/peer-host.ts'
import { type Clock, systemClock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { type Pubsub, SCORE_THRESHOLDS } from './gossipsub-host.ts'

/** How long a connected peer that speaks pubsub may be missing in the library before it counts as deaf. */
export const DEAF_AFTER_MS = 15_000

export interface PeerSentinelComponents {
  readonly host: Pick<PeerHost, 'ban' | 'connections' | 'disconnect' | 'isConnected' | 'subscribe'>
  readonly pubsub: Pick<Pubsub, 'peers' | 'score' | 'onBreach' | 'onDeaf' | 'onHeartbeat'>
  readonly logger: Logger
  readonly clock?: Clock
}

export class PeerSentinel {
  readonly #components: PeerSentinelComponents
  readonly #clock: Clock
  /** Peers that said they speak pubsub. */
  readonly #speakers = new Set<string>()
  readonly #missingSince = new Map<string, number>()
  #unsubscribe: (() => void) | null = null
  #isStopped = false

  constructor(components: PeerSentinelComponents) {
    this.#components = components
    this.#clock = components.clock ?? systemClock
  }

  start(): void {
    this.#unsubscribe = this.#components.host.subscribe((event) => {
      if (event.type === 'peer-identified' && event.protocols.some((name) => name.startsWith('/meshsub/'))) {
        this.#speakers.add(event.peerId)
      }
      if (event.type === 'peer-disconnected') {
        this.#speakers.delete(event.peerId)
        this.#missingSince.delete(event.peerId)
      }
    })
    this.#components.pubsub.onBreach((peerId, reason) => {
      if (!this.#isStopped && this.#components.host.isConnected(peerId)) this.#ban(peerId, reason)
    })
    this.#components.pubsub.onDeaf((peerId) => {
      if (!this.#isStopped) this.#attempt(this.#components.host.disconnect(peerId))
    })
    this.#components.pubsub.onHeartbeat(() => {
      if (!this.#isStopped) this.check()
    })
  }

  stop(): void {
    this.#isStopped = true
    this.#unsubscribe?.()
  }

  /** One look at all connected peers. */
  check(): void {
    const { host, pubsub, logger } = this.#components
    const active = new Set(pubsub.peers())
    for (const { peerId } of host.connections()) {
      if (pubsub.score(peerId) <= SCORE_THRESHOLDS.graylist) {
        this.#ban(peerId, 'gossip-score')
      } else if (this.#isDeaf(peerId, active)) {
        logger.info({ peerId }, 'gossip with a peer broke off: connecting anew')
        this.#attempt(host.disconnect(peerId))
      }
    }
  }

  #ban(peerId: string, reason: BanReason): void {
    const { host, pubsub, logger } = this.#components
    logger.warn({ peerId, reason, score: pubsub.score(peerId) }, 'a peer abuses gossip: banned for an hour')
    host.ban(peerId, reason)
  }

  #isDeaf(peerId: string, active: ReadonlySet<string>): boolean {
    if (!this.#speakers.has(peerId) || active.has(peerId)) {
      this.#missingSince.delete(peerId)
      return false
    }
    const since = this.#missingSince.get(peerId) ?? this.#clock.now()
    this.#missingSince.set(peerId, since)
    return this.#clock.now() - since >= DEAF_AFTER_MS
  }

  #attempt(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#components.logger.debug({ error: String(error) }, 'a peer could not be closed'),
    )
  }
}

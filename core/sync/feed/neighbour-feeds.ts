/**
 * Feeds between desktops while there is no seed (FEE10): one from each connected neighbour, all of them with whole
 * records. A neighbour holds a part of what is wanted, and may lack what another has: nothing that is missing is held
 * against it, and what it says of its heads is passed over. When a seed is back, the seeds' feeds take over.
 */
import type { IngestOutcome } from '../../ingest/door.ts'
import type { PeerHost } from '../../net/peer-host.ts'
import type { LogReader } from '../../store/log-reader.ts'
import type { Clock } from '../../util/clock.ts'
import type { Logger } from '../../util/logger.ts'
import type { Startable } from '../../util/startable.ts'
import { SyncError } from '../errors.ts'
import { type FeedPatience, FeedPeers, faultOf, strangersOf } from './feed-peers.ts'
import type { FeedService, OpenFeed } from './feed-service.ts'
import { prefixesOf } from './interest-set.ts'
import { MAX_INTEREST, OUTAGE_FEEDS } from './limits.ts'
import { ReviewTimer } from './review-timer.ts'

export interface NeighbourFeedTimes extends FeedPatience {
  /** Neighbours are looked at again this often, and this soon after something has changed. */
  readonly reviewMs: number
  readonly settleMs: number
}

export const NEIGHBOUR_FEED_TIMES: NeighbourFeedTimes = {
  reviewMs: 5_000,
  settleMs: 500,
  retryMs: 5_000,
  faultyMs: 3_600_000,
}

export interface NeighbourFeedsComponents {
  readonly host: Pick<PeerHost, 'subscribe' | 'connections' | 'isConnected'>
  readonly feeds: Pick<FeedService, 'open'>
  readonly reader: Pick<LogReader, 'listWanted'>
  readonly clock: Clock
  readonly logger: Logger
}

export interface NeighbourFeedsInit {
  /** There is no seed. */
  readonly isInOutage: () => boolean
  readonly isSeed: (peerId: string) => boolean
  /** Authors that are carried for neighbours, 32-byte addresses. */
  readonly carried: () => readonly Uint8Array[]
  /** Records of these came whose chain isn't here, from that peer. */
  readonly onStrangers: (authors: readonly Uint8Array[], peerId: string) => void
  readonly times?: NeighbourFeedTimes
}

interface Neighbour {
  readonly stop: AbortController
  feed: OpenFeed | null
}

export class NeighbourFeeds implements Startable {
  readonly #c: NeighbourFeedsComponents
  readonly #init: NeighbourFeedsInit
  readonly #neighbours = new Map<string, Neighbour>()
  readonly #peers: FeedPeers
  readonly #reviews: ReviewTimer
  #interest: BigUint64Array = new BigUint64Array()
  #unsubscribe: () => void = () => {}
  #isStopped = true

  constructor(components: NeighbourFeedsComponents, init: NeighbourFeedsInit) {
    this.#c = components
    this.#init = init
    const times = init.times ?? NEIGHBOUR_FEED_TIMES
    this.#peers = new FeedPeers(components, times)
    this.#reviews = new ReviewTimer({
      review: () => this.#review(),
      settleMs: times.settleMs,
      nextMs: () => times.reviewMs,
      onError: (error) => components.logger.warn({ err: error }, 'the neighbours’ feeds could not be looked at'),
    })
  }

  /** Feeds that are read now. */
  get size(): number {
    return this.#neighbours.size
  }

  start(): void {
    this.#isStopped = false
    this.#unsubscribe = this.#c.host.subscribe((event) => {
      if (this.#peers.noteHostEvent(event)) this.note()
    })
    this.#reviews.start()
  }

  /** Ends all feeds. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#unsubscribe()
    for (const peerId of this.#neighbours.keys()) this.#close(peerId, 'the node stops')
    await this.#reviews.stop()
  }

  /** An outage began or ended, neighbours came or went, or others are wanted or carried: looked at soon. */
  note(): void {
    this.#reviews.note()
  }

  async #review(): Promise<void> {
    const picked = this.#init.isInOutage() ? this.#listNeighbours() : []
    for (const peerId of this.#neighbours.keys()) if (!picked.includes(peerId)) this.#close(peerId, 'a seed is back')
    if (picked.length === 0) return
    const wanted = [...(await this.#c.reader.listWanted()), ...this.#init.carried()]
    this.#interest = prefixesOf(wanted.slice(0, MAX_INTEREST))
    if (this.#isStopped || this.#interest.length === 0) return
    for (const { feed } of this.#neighbours.values()) feed?.reader.setInterest(this.#interest)
    await Promise.all(picked.filter((peerId) => !this.#neighbours.has(peerId)).map((peerId) => this.#open(peerId)))
  }

  /** Those that are read already first. */
  #listNeighbours(): readonly string[] {
    const free = this.#c.host
      .connections()
      .map(({ peerId }) => peerId)
      .filter((peerId) => this.#peers.isFree(peerId) && !this.#init.isSeed(peerId))
    const isRead = (peerId: string) => Number(this.#neighbours.has(peerId))
    return free.toSorted((a, b) => isRead(b) - isRead(a)).slice(0, OUTAGE_FEEDS)
  }

  async #open(peerId: string): Promise<void> {
    const neighbour: Neighbour = { stop: new AbortController(), feed: null }
    this.#neighbours.set(peerId, neighbour)
    try {
      neighbour.feed = await this.#c.feeds.open(
        peerId,
        {
          interest: this.#interest,
          isWhole: true,
          isAlone: true,
          onOpen: () => this.#peers.noteWell(peerId),
          onNews: (outcomes) => this.#onNews(peerId, outcomes),
        },
        { signal: neighbour.stop.signal },
      )
      neighbour.feed.ended.then(
        () => this.#onEnded(peerId, neighbour, null),
        (error: unknown) => this.#onEnded(peerId, neighbour, error),
      )
    } catch (error) {
      this.#onEnded(peerId, neighbour, error)
    }
  }

  #onNews(peerId: string, outcomes: readonly IngestOutcome[]): void {
    const strangers = strangersOf(outcomes)
    if (strangers.length > 0) this.#init.onStrangers(strangers, peerId)
  }

  #close(peerId: string, why: string): void {
    this.#neighbours.get(peerId)?.stop.abort(new SyncError('unavailable', why))
    this.#neighbours.delete(peerId)
  }

  #onEnded(peerId: string, neighbour: Neighbour, error: unknown): void {
    if (this.#neighbours.get(peerId) !== neighbour) return
    this.#close(peerId, 'the feed has ended')
    const isFaulty = faultOf(error) === 'invalid'
    const waitMs = isFaulty ? this.#peers.noteFault(peerId) : this.#peers.noteFailure(peerId)
    this.#c.logger.debug({ peerId, error: String(error), waitMs }, 'a neighbour’s feed has ended')
  }
}

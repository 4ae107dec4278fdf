/**
 * Keeps feeds with up to three seeds (FEE8): one sends new records whole, the others name them, so that what one keeps
 * back another tells of. Each says now and then what it holds in 8 bytes; where that stays different from what is held
 * here, it is synced with. A seed that says nothing, lies, or stays behind the others is replaced by another.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { IngestOutcome } from '../../ingest/door.ts'
import type { PeerHost } from '../../net/peer-host.ts'
import type { LogReader } from '../../store/log-reader.ts'
import { equalBytes } from '../../util/bytes.ts'
import type { Clock } from '../../util/clock.ts'
import type { Logger } from '../../util/logger.ts'
import type { Startable } from '../../util/startable.ts'
import type { AuthorHeads } from '../author-heads.ts'
import { SyncError } from '../errors.ts'
import { type FeedFault, type FeedPatience, FeedPeers, faultOf, strangersOf } from './feed-peers.ts'
import type { FeedService, OpenFeed } from './feed-service.ts'
import { prefixesOf } from './interest-set.ts'
import { MAX_INTEREST, WANTED_FEEDS } from './limits.ts'
import { NamedWatch, type NamedWatchTimes } from './named-watch.ts'
import { type FeedCandidate, pickHomes } from './pick-homes.ts'
import { ReviewTimer } from './review-timer.ts'

export interface HomeFeedTimes extends FeedPatience {
  /** Seeds are looked at again this often, and this soon after something has changed. */
  readonly reviewMs: number
  readonly settleMs: number
  /** Other heads than ours are held against ours again after this: what is on its way is here then. */
  readonly recheckMs: number
  readonly named?: NamedWatchTimes
}

export const HOME_FEED_TIMES: HomeFeedTimes = {
  reviewMs: 60_000,
  settleMs: 500,
  recheckMs: 1_000,
  retryMs: 5_000,
  faultyMs: 3_600_000,
}

/** So many different heads in a row, while another seed's are ours: it is behind. */
const MAX_DIFFERENT = 4
/** Heads that are passed over between two vain syncs, at most: a quarter of an hour. */
const MAX_PASSED = 31

export interface HomeFeedsComponents {
  readonly host: Pick<PeerHost, 'subscribe' | 'isConnected'>
  readonly feeds: Pick<FeedService, 'open'>
  readonly heads: Pick<AuthorHeads, 'hash'>
  readonly reader: Pick<LogReader, 'listDigests' | 'listWanted'>
  readonly scheduler: {
    requestAuthors(authors: readonly Uint8Array[], peerId: string): void
    requestPeer(peerId: string): void
  }
  readonly clock: Clock
  readonly logger: Logger
}

export interface HomeFeedsInit {
  /** Connected seeds, in the order of preference. */
  readonly candidates: () => readonly FeedCandidate[]
  readonly times?: HomeFeedTimes
  /** A feed was opened, changed or ended. */
  readonly onChange?: () => void
}

interface Home {
  readonly peerId: string
  readonly stop: AbortController
  feed: OpenFeed | null
  /** It has taken the feed. */
  isOpen: boolean
  isWhole: boolean
  /** Its heads are being held against ours: others that come meanwhile are passed over. */
  isLooking: boolean
  /** Its last heads were ours; null before the first. */
  isAlike: boolean | null
  /** Different ones in a row. */
  different: number
  /** Syncs in a row after which it was still different, and heads that are passed over. */
  vain: number
  passed: number
}

export class HomeFeeds implements Startable {
  readonly #c: HomeFeedsComponents
  readonly #init: HomeFeedsInit
  readonly #times: HomeFeedTimes
  /** The one that sends whole records first. */
  readonly #homes = new Map<string, Home>()
  readonly #peers: FeedPeers
  readonly #reviews: ReviewTimer
  readonly #named: NamedWatch
  #interest: BigUint64Array = new BigUint64Array()
  #unsubscribe: () => void = () => {}
  /** Feeds that are being opened, heads that are being held against ours. */
  readonly #work = new Set<Promise<void>>()
  #isStopped = true

  constructor(components: HomeFeedsComponents, init: HomeFeedsInit) {
    this.#c = components
    this.#init = init
    this.#times = init.times ?? HOME_FEED_TIMES
    this.#peers = new FeedPeers(components, this.#times)
    this.#reviews = new ReviewTimer({
      review: () => this.#review(),
      settleMs: this.#times.settleMs,
      nextMs: () => this.#nextReviewMs(),
      onError: (error) => components.logger.warn({ err: error }, 'the feeds could not be looked at'),
    })
    this.#named = new NamedWatch(components, {
      ...(this.#times.named === undefined ? {} : { times: this.#times.named }),
      onMissing: (authors, peerId) => components.scheduler.requestAuthors(authors, peerId),
      onFault: (peerId, fault) => this.#giveUp(peerId, fault),
    })
  }

  start(): void {
    this.#isStopped = false
    this.#unsubscribe = this.#c.host.subscribe((event) => {
      if (this.#peers.noteHostEvent(event)) this.note()
    })
    this.#reviews.start()
  }

  /** Ends all feeds and waits for what is being looked at; nothing is asked for afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#unsubscribe()
    for (const home of this.#homes.values()) home.stop.abort(new SyncError('unavailable', 'the node stops'))
    await Promise.all([this.#named.stop(), this.#reviews.stop(), ...this.#work])
  }

  /** How new records come from this peer; null while there is no feed with it. */
  modeOf(peerId: string): 'whole' | 'named' | null {
    const home = this.#homes.get(peerId)
    if (home === undefined || !home.isOpen) return null
    return home.isWhole ? 'whole' : 'named'
  }

  /** Seeds came or went, or other authors are wanted: looked at soon. */
  note(): void {
    this.#reviews.note()
  }

  // --- which seeds ---

  async #review(): Promise<void> {
    this.#interest = prefixesOf((await this.#c.reader.listWanted()).slice(0, MAX_INTEREST))
    if (this.#isStopped) return
    const candidates = this.#init
      .candidates()
      .filter(({ peerId }) => this.#peers.isFree(peerId) && this.#c.host.isConnected(peerId))
    const picked = this.#interest.length === 0 ? [] : pickHomes(candidates, [...this.#homes.keys()], WANTED_FEEDS)
    for (const home of this.#homes.values()) if (!picked.includes(home.peerId)) this.#close(home)
    for (const peerId of picked) if (!this.#homes.has(peerId)) this.#track(this.#open(peerId))
    const [first] = this.#homes.values()
    for (const home of this.#homes.values()) {
      home.isWhole = home === first
      home.feed?.reader.setInterest(this.#interest)
      home.feed?.reader.setWhole(home.isWhole)
    }
  }

  #nextReviewMs(): number {
    const waits = this.#init
      .candidates()
      .map(({ peerId }) => this.#peers.waitMs(peerId))
      .filter((ms) => ms > 0)
    return Math.max(this.#times.settleMs, Math.min(this.#times.reviewMs, ...waits))
  }

  async #open(peerId: string): Promise<void> {
    const home: Home = {
      peerId,
      stop: new AbortController(),
      feed: null,
      isOpen: false,
      isWhole: this.#homes.size === 0,
      isLooking: false,
      isAlike: null,
      different: 0,
      vain: 0,
      passed: 0,
    }
    this.#homes.set(peerId, home)
    try {
      home.feed = await this.#c.feeds.open(
        peerId,
        {
          interest: this.#interest,
          isWhole: home.isWhole,
          onOpen: () => this.#onOpen(home),
          onNews: (outcomes) => this.#onNews(peerId, outcomes),
          onNamed: (logs) => this.#named.noteNamed(peerId, logs, this.#senderFor(home)),
          onHeads: (hash) => this.#look(home, hash),
        },
        { signal: home.stop.signal },
      )
      home.feed.ended.then(
        () => this.#onEnded(home, null),
        (error: unknown) => this.#onEnded(home, error),
      )
    } catch (error) {
      this.#onEnded(home, error)
    }
  }

  #onOpen(home: Home): void {
    home.isOpen = true
    this.#c.logger.debug({ peerId: home.peerId, isWhole: home.isWhole }, 'a seed feeds this node')
    this.#init.onChange?.()
  }

  #onNews(peerId: string, outcomes: readonly IngestOutcome[]): void {
    this.#named.noteNews(peerId, outcomes)
    // Its chain isn't here, or not all of it: sync brings both.
    const strangers = strangersOf(outcomes)
    if (strangers.length > 0) this.#c.scheduler.requestAuthors(strangers, peerId)
  }

  /** Who should have sent what this home names. */
  #senderFor(home: Home): string | null {
    const [first] = this.#homes.values()
    return first !== undefined && first !== home && first.isOpen ? first.peerId : null
  }

  #close(home: Home): void {
    if (this.#homes.get(home.peerId) === home) this.#homes.delete(home.peerId)
    home.stop.abort(new SyncError('unavailable', 'another seed feeds this node'))
    this.#named.forget(home.peerId)
    this.#init.onChange?.()
  }

  #onEnded(home: Home, error: unknown): void {
    if (this.#homes.get(home.peerId) !== home) return
    this.#close(home)
    const fault = faultOf(error)
    if (fault !== null) this.#punish(home.peerId, fault)
    const isSpent = error instanceof SyncError && error.code === 'budget' && !error.isRemote
    if (fault === null && !isSpent) this.#noteFailure(home.peerId, error)
    this.note()
  }

  #noteFailure(peerId: string, error: unknown): void {
    const waitMs = this.#peers.noteFailure(peerId)
    this.#c.logger.debug({ peerId, error: String(error), waitMs }, 'a feed has ended')
  }

  #giveUp(peerId: string, fault: FeedFault): void {
    const home = this.#homes.get(peerId)
    if (home !== undefined) this.#close(home)
    this.#punish(peerId, fault)
  }

  #punish(peerId: string, fault: FeedFault): void {
    this.#peers.noteFault(peerId)
    this.#c.logger.info({ peerId, fault }, 'a seed no longer feeds this node')
    this.note()
  }

  // --- what they hold ---

  #look(home: Home, hash: Uint8Array): void {
    if (this.#isStopped || home.isLooking) return
    home.isLooking = true
    this.#track(
      this.#onHeads(home, hash)
        .catch((error: unknown) => this.#c.logger.debug({ error: String(error) }, 'heads could not be looked at'))
        .finally(() => {
          home.isLooking = false
        }),
    )
  }

  #track(work: Promise<void>): void {
    this.#work.add(work)
    void work.finally(() => this.#work.delete(work))
  }

  async #onHeads(home: Home, hash: Uint8Array): Promise<void> {
    const isAlike = (await this.#isOurs(home, hash)) || (await this.#isOursSoon(home, hash))
    if (this.#isStopped || this.#homes.get(home.peerId) !== home) return
    home.isAlike = isAlike
    this.#peers.noteWell(home.peerId)
    if (isAlike) {
      home.different = 0
      home.vain = 0
      home.passed = 0
      return
    }
    home.different++
    if (home.different >= MAX_DIFFERENT && this.#isAnotherAlike(home)) {
      this.#giveUp(home.peerId, 'behind')
      return
    }
    if (home.passed > 0) {
      home.passed--
      return
    }
    home.passed = Math.min(MAX_PASSED, 2 ** home.vain - 1)
    home.vain = Math.min(home.vain + 1, 10)
    this.#c.scheduler.requestPeer(home.peerId)
  }

  async #isOursSoon(home: Home, hash: Uint8Array): Promise<boolean> {
    const { signal } = home.stop
    await sleep(this.#times.recheckMs, undefined, { signal }).catch(() => {})
    return !signal.aborted && (await this.#isOurs(home, hash))
  }

  async #isOurs({ feed }: Home, hash: Uint8Array): Promise<boolean> {
    if (feed === null) return false
    const { interest, nonce } = feed.reader
    return equalBytes(await this.#c.heads.hash(interest, nonce), hash)
  }

  #isAnotherAlike(home: Home): boolean {
    return [...this.#homes.values()].some((other) => other !== home && other.isAlike === true)
  }
}

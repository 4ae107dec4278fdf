/**
 * What desktops do for each other when seeds are few (FEE10, FEE11): while this one has none, it reads a feed on each
 * connection and carries for its neighbours what these follow; while it has some, it carries for neighbours that have
 * none. What is carried lies among the records of strangers, and is let go of before anything else.
 */
import type { ChainAsker } from '../account/whois-service.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { KIND } from '../record/kinds/kind-table.ts'
import type { LogReader } from '../store/log-reader.ts'
import { CarriedAuthors } from '../sync/feed/carried-authors.ts'
import type { FeedService } from '../sync/feed/feed-service.ts'
import { NeighbourFeeds, type NeighbourFeedsComponents } from '../sync/feed/neighbour-feeds.ts'
import type { SyncScheduler } from '../sync/scheduler.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import { toHex } from '../util/bytes.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import { LruMap } from '../util/lru-map.ts'
import type { Startable } from '../util/startable.ts'

/** What changes together is looked at once. */
const SETTLE_MS = 200
/** Nobody is asked again for the same chain so soon. */
const ASKED_MS = 30_000
const MAX_ASKED = 4_096
const MAX_ASKING = 8

/** The part of the store that is told whose records are carried. */
export interface CarryingStore {
  /** In place of those before. @returns which of them it takes: not all where they are many, and nobody who is blocked */
  setCarried(authors: readonly Uint8Array[]): Promise<readonly Uint8Array[]>
}

export interface OutageHelpComponents {
  readonly host: NeighbourFeedsComponents['host']
  readonly feeds: Pick<FeedService, 'listAlone' | 'open'>
  readonly whois: Pick<ChainAsker, 'ask'>
  readonly scheduler: Pick<SyncScheduler, 'requestAuthors' | 'requestEverything'>
  readonly store: Pick<LogReader, 'listWanted'> & CarryingStore
  readonly clock: Clock
  readonly logger: Logger
}

export interface OutageHelpInit {
  readonly isInOutage: () => boolean
  readonly isSeed: (peerId: string) => boolean
}

export class OutageHelp implements Startable {
  readonly #c: OutageHelpComponents
  readonly #init: OutageHelpInit
  readonly #authors = new CarriedAuthors()
  readonly #neighbours: NeighbourFeeds
  /** When a chain was last asked for, by the author's address in hex. */
  readonly #asked = new LruMap<string, number>(MAX_ASKED)
  #carried: ReadonlyMap<string, Uint8Array> = new Map()
  /** Those of them that the store takes. */
  #taken: ReadonlyMap<string, Uint8Array> = new Map()
  #asking = 0
  #timer: NodeJS.Timeout | undefined
  #isStarted = false

  constructor(components: OutageHelpComponents, init: OutageHelpInit) {
    const { clock, feeds, host, logger, store } = components
    this.#c = components
    this.#init = init
    this.#neighbours = new NeighbourFeeds(
      { host, feeds, reader: store, clock, logger },
      {
        isInOutage: init.isInOutage,
        isSeed: init.isSeed,
        carried: () => [...this.#taken.values()],
        onStrangers: (authors, peerId) => {
          components.scheduler.requestAuthors(authors, peerId)
          for (const author of authors) this.noteStranger(author, peerId)
        },
      },
    )
  }

  start(): void {
    this.#isStarted = true
    this.#neighbours.start()
  }

  async stop(): Promise<void> {
    this.#isStarted = false
    clearTimeout(this.#timer)
    await this.#neighbours.stop()
  }

  /** An outage began or ended, or a reader without seeds came or went. Returns at once. */
  note(): void {
    if (!this.#isStarted) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#update().catch((error: unknown) => {
        this.#c.logger.warn({ err: error }, 'what neighbours follow could not be carried')
      })
    }, SETTLE_MS)
  }

  /** Who is wanted was looked at: neighbours hear of somebody new when everything is synced. */
  noteWanted(hasNew: boolean): void {
    if (hasNew && this.#isStarted && this.#init.isInOutage()) this.#c.scheduler.requestEverything()
    this.note()
  }

  /** What a neighbour asks for when it syncs about everything. */
  noteSync(event: SyncEvent): void {
    if (!this.#isStarted || event.type !== 'interest' || this.#init.isSeed(event.peerId)) return
    this.#authors.noteInterest(event.peerId, event.keys)
    this.note()
  }

  /** Something came of an author whose chain isn't here: whoever brought it is asked, if it is to be carried. */
  noteStranger(author: Uint8Array, peerId: string): void {
    const name = toHex(author)
    const now = this.#c.clock.now()
    const isEarly = now - (this.#asked.peek(name) ?? Number.NEGATIVE_INFINITY) < ASKED_MS
    if (!this.#taken.has(name) || this.#asking >= MAX_ASKING || isEarly) return
    this.#asked.set(name, now)
    this.#asking++
    this.#c.whois
      .ask(peerId, { by: 'key', key: author })
      .catch((error: unknown) => this.#c.logger.debug({ peerId, error: String(error) }, 'a chain was not told'))
      .finally(() => {
        this.#asking--
      })
  }

  /** Somebody may be blocked who is carried, or not be any more. */
  noteIngested({ records }: Pick<IngestedEvent, 'records'>): void {
    if (!records.some(({ kind, isOwn }) => kind === KIND.block && isOwn)) return
    this.#tell([...this.#carried.values()]).catch((error: unknown) => {
      this.#c.logger.warn({ err: error }, 'whom to carry for neighbours could not be settled')
    })
  }

  async #tell(carried: readonly Uint8Array[]): Promise<void> {
    const taken = await this.#c.store.setCarried(carried)
    this.#taken = new Map(taken.map((author) => [toHex(author), author]))
  }

  async #update(): Promise<void> {
    const isInOutage = this.#init.isInOutage()
    // Somebody who went in an outage may come back for what was written meanwhile.
    if (!isInOutage) this.#authors.keepOnly((peerId) => this.#c.host.isConnected(peerId))
    const listed = this.#authors.list(isInOutage ? null : this.#c.feeds.listAlone())
    const wanted = new Set(listed.length === 0 ? [] : (await this.#c.store.listWanted()).map(toHex))
    const carried = listed.filter((author) => !wanted.has(toHex(author)))
    const isGrown = carried.some((author) => !this.#carried.has(toHex(author)))
    if (isGrown || carried.length < this.#carried.size) {
      this.#carried = new Map(carried.map((author) => [toHex(author), author]))
      await this.#tell(carried)
      this.#c.logger.info({ authors: carried.length, isInOutage }, 'authors are carried for neighbours')
    }
    this.#neighbours.note()
  }
}

import { onTestFinished } from 'vitest'
import { WhoisService } from '../../core/account/whois-service.ts'
import type { IngestedEvent } from '../../core/ingest/door.ts'
import { OutageHelp } from '../../core/node/outage-help.ts'
import { AuthorHeads } from '../../core/sync/author-heads.ts'
import { FeedService } from '../../core/sync/feed/feed-service.ts'
import { HOME_FEED_TIMES, HomeFeeds } from '../../core/sync/feed/home-feeds.ts'
import type { FeedTimes } from '../../core/sync/feed/limits.ts'
import type { FeedCandidate } from '../../core/sync/feed/pick-homes.ts'
import { SCHEDULER_TIMES, SyncScheduler } from '../../core/sync/scheduler.ts'
import { type SyncEvent, SyncService } from '../../core/sync/sync-service.ts'
import { systemClock } from '../../core/util/clock.ts'
import { silentLogger } from '../../core/util/logger.ts'
import type { TestAuthor } from './authors.ts'
import { QUICK_FEED } from './feed-pair.ts'
import { type MemoryHost, MemoryNetwork } from './memory-hosts.ts'
import { portsOf, type SquarePorts } from './square-sync.ts'
import { TestSquare } from './test-square.ts'
import { indexOf } from './whois-node.ts'

export interface FeedNode {
  readonly name: string
  readonly host: MemoryHost
  readonly square: TestSquare
  readonly feeds: FeedService
  readonly heads: AuthorHeads
  readonly syncs: SyncEvent[]
  /** Takes in what the author wrote, as if it had come from somebody. */
  take(author: TestAuthor, from?: number): void
  holds(author: TestAuthor, seq: number): boolean
}

/** Stores with feeds and sync between them, over streams in memory, by the real clock. */
export class FeedWorld {
  readonly network = new MemoryNetwork()

  async node(
    name: string,
    init: {
      readonly role?: 'peer' | 'seed'
      /** What it does in place of what an honest store does. */
      readonly ports?: (honest: SquarePorts) => Partial<SquarePorts>
      readonly feedTimes?: FeedTimes
      /** Hears nothing of what its store takes: its feeds say nothing new. */
      readonly isDeaf?: boolean
      /** What it tells of a commit. */
      readonly tells?: (event: IngestedEvent) => IngestedEvent
      readonly isInOutage?: () => boolean
      readonly onAlone?: () => void
    } = {},
  ): Promise<FeedNode & { readonly service: SyncService }> {
    const role = init.role ?? 'seed'
    const square = new TestSquare({ role })
    const host = this.network.host(name)
    const honest = portsOf(square)
    const ports = { ...honest, ...init.ports?.(honest) }
    const heads = new AuthorHeads({ reader: ports, clock: systemClock })
    const common = { host: host.peerHost, door: ports, reader: ports, logger: silentLogger, clock: systemClock, heads }
    const { isInOutage = () => false, onAlone = () => {} } = init
    const times = init.feedTimes ?? QUICK_FEED
    const feeds = new FeedService(common, { network: 'palabre', role, times, isInOutage, onAlone })
    const device = new Uint8Array(32)
    const service = new SyncService(
      { ...common, book: ports },
      { network: 'palabre', role, device, profile: () => null },
    )
    const syncs: SyncEvent[] = []
    service.subscribe((event) => syncs.push(event))
    square.listeners.add((event) => {
      heads.noteIngested(event)
      if (init.isDeaf !== true) feeds.noteIngested(init.tells?.(event) ?? event)
    })
    await feeds.start()
    await service.start()
    onTestFinished(async () => {
      await feeds.stop()
      await service.stop()
    })
    return {
      name,
      host,
      square,
      feeds,
      heads,
      service,
      syncs,
      take: (author, from = 0) => {
        const records = author.records.slice(from)
        square.ingest({ operations: [author.genesis], records }, { kind: 'sync', peer: 'somebody' })
      },
      holds: (author, seq) =>
        square.square.readLog(author.address, author.device.publicKey, [seq, seq], 100_000).length > 0,
    }
  }

  /** A desktop that reads feeds from others and carries for them while `isInOutage` says so. */
  async desk(name: string, wanted: readonly TestAuthor[], isInOutage: () => boolean = () => true) {
    let help: OutageHelp | null = null
    const desk = await this.node(name, { role: 'peer', isInOutage, onAlone: () => help?.note() })
    const { host, square, feeds, service } = desk
    square.square.setWanted(wanted.map(({ address }) => address))
    const ports = portsOf(square)
    const common = { host: host.peerHost, logger: silentLogger, clock: systemClock }
    const whois = new WhoisService({ ...common, index: indexOf(square), door: ports }, { network: 'palabre' })
    const scheduler = new SyncScheduler(
      { host: host.peerHost, service, logger: silentLogger },
      { profile: () => null, times: { ...SCHEDULER_TIMES, hintDelayMs: 5, stepInMs: 50 } },
    )
    const store = { ...ports, setCarried: async (all: readonly Uint8Array[]) => square.square.setCarried(all) }
    help = new OutageHelp({ ...common, feeds, whois, scheduler, store }, { isInOutage, isSeed: () => false })
    const started = help
    service.subscribe((event) => started.noteSync(event))
    square.listeners.add((event) => {
      scheduler.noteIngested(event)
      started.noteIngested(event)
    })
    await whois.start()
    scheduler.start()
    started.start()
    onTestFinished(async () => {
      scheduler.stop()
      await started.stop()
      await whois.stop()
    })
    return { ...desk, help: started }
  }

  /** A desktop that wants these authors, with feeds from the seeds that it is connected to. */
  async home(
    wanted: readonly TestAuthor[],
    seeds: readonly FeedNode[],
    init: { readonly judgeMs?: number; readonly idleMs?: number; readonly operatorOf?: (name: string) => string } = {},
  ) {
    const feedTimes = { ...QUICK_FEED, idleMs: init.idleMs ?? QUICK_FEED.idleMs }
    const home = await this.node('home', { role: 'peer', feedTimes })
    home.square.square.setWanted(wanted.map(({ address }) => address))
    const times = { ...SCHEDULER_TIMES, hintDelayMs: 5, hintPauseMs: 50, retryMs: 50, busyMs: 20, stepInMs: 600_000 }
    const scheduler = new SyncScheduler(
      { host: home.host.peerHost, service: home.service, logger: silentLogger },
      { profile: () => null, times },
    )
    const candidates = (): FeedCandidate[] =>
      seeds
        .filter(({ name }) => home.host.isConnected(name))
        .map(({ name }) => ({ peerId: name, operator: init.operatorOf?.(name) ?? name, isDialled: true }))
    const reader = portsOf(home.square)
    const homes = new HomeFeeds(
      {
        host: home.host,
        feeds: home.feeds,
        heads: home.heads,
        reader,
        scheduler,
        clock: systemClock,
        logger: silentLogger,
      },
      {
        candidates,
        times: {
          ...HOME_FEED_TIMES,
          settleMs: 20,
          recheckMs: 30,
          retryMs: 50,
          named: { graceMs: 100, judgeMs: init.judgeMs ?? 400 },
        },
      },
    )
    home.square.listeners.add((event) => scheduler.noteIngested(event))
    scheduler.start()
    homes.start()
    onTestFinished(async () => {
      scheduler.stop()
      await homes.stop()
    })
    for (const seed of seeds) this.network.join(home.host, seed.host)
    const modes = () => seeds.map(({ name }) => homes.modeOf(name))
    return { ...home, homes, modes }
  }
}

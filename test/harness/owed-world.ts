import { onTestFinished } from 'vitest'
import type { Evidence } from '../../core/contract/evidence.ts'
import { EvidenceKeeper } from '../../core/node/evidence-keeper.ts'
import { SCHEDULER_TIMES, type SchedulerTimes, SyncScheduler } from '../../core/sync/scheduler.ts'
import { type SyncEvent, SyncService } from '../../core/sync/sync-service.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { TestAuthor } from './authors.ts'
import { type MemoryHost, MemoryNetwork } from './memory-hosts.ts'
import { fakeKey } from './memory-square.ts'
import { portsOf, type SquarePorts } from './square-sync.ts'
import { TestSquare } from './test-square.ts'
import { eventually } from './wait.ts'

export interface WorldPeer {
  readonly host: MemoryHost
  readonly test: TestSquare
  readonly service?: SyncService
}

/** A reader who follows Ben, on a real store, with sync and the book of what peers owe; and peers around it. */
export class OwedWorld {
  readonly network = new MemoryNetwork()
  readonly ben = new TestAuthor('Ben')
  readonly me = new TestAuthor('Me')
  readonly reader: TestSquare
  readonly keeper: EvidenceKeeper
  readonly scheduler: SyncScheduler
  readonly events: SyncEvent[] = []
  readonly #host: MemoryHost
  readonly #service: SyncService

  constructor(
    init: {
      readonly isRepairing?: boolean
      readonly times?: Partial<SchedulerTimes>
      /** What the reader's store does in place of what an honest one does. */
      readonly ports?: (honest: SquarePorts) => Partial<SquarePorts>
    } = {},
  ) {
    this.me.follow(this.ben)
    this.reader = new TestSquare({ me: this.me })
    this.reader.ingest({ operations: [this.ben.genesis], records: this.me.records })
    this.keeper = keeperOf(this.reader)
    this.#host = this.network.host('reader')
    const honest = portsOf(this.reader)
    this.#service = this.#serviceOf(this.#host, { ...honest, ...init.ports?.(honest) }, 'peer')
    this.#service.subscribe((event) => {
      this.keeper.noteSync(event)
      this.events.push(event)
    })
    this.reader.listeners.add((event) => {
      this.keeper.noteIngested(event)
      this.scheduler.noteIngested(event)
    })
    const owes = (peerId: string) => this.keeper.owes(peerId)
    const service = init.isRepairing === false ? deaf(this.#service) : this.#service
    this.scheduler = new SyncScheduler(
      { host: this.#host, service, logger: silentLogger, clock: this.reader.clock },
      { profile: () => this.me.address, owes, jitter: () => 0.5, times: { ...SCHEDULER_TIMES, ...init.times } },
    )
    onTestFinished(async () => {
      this.scheduler.stop()
      await this.keeper.stop()
      await this.#service.stop()
    })
  }

  async start(): Promise<void> {
    this.keeper.start()
    this.scheduler.start()
    await this.#service.start()
  }

  /** Takes sessions of others and begins none. */
  async answer(): Promise<void> {
    await this.#service.start()
  }

  /** Connects. */
  join({ host }: WorldPeer): void {
    this.network.join(this.#host, host)
  }

  /** A peer over a store of its own, lying as `ports` say. */
  async add(name: string, role: 'peer' | 'seed', change: (test: TestSquare) => Partial<SquarePorts> = () => ({})) {
    const test = new TestSquare({ role: 'seed', clock: this.reader.clock })
    const host = this.network.host(name)
    const service = this.#serviceOf(host, { ...portsOf(test), ...change(test) }, role)
    await service.start()
    onTestFinished(() => service.stop())
    return { host, test, service }
  }

  /** Connects and waits for the first session. */
  async meet({ host }: WorldPeer): Promise<void> {
    const before = this.sessionsWith(host.peerId)
    this.network.join(this.#host, host)
    await eventually(`a session with ${host.peerId}`, () => this.sessionsWith(host.peerId) > before)
  }

  /** Sessions that this side has begun and ended well. */
  sessionsWith(peerId: string): number {
    return this.events.filter((event) => event.type === 'done' && event.peerId === peerId).length
  }

  /** Syncs everything with everybody once more. */
  async syncAll(...peers: WorldPeer[]): Promise<void> {
    const before = peers.map(({ host }) => this.sessionsWith(host.peerId))
    this.scheduler.requestEverything()
    await eventually('a session with each', () => {
      return peers.every(({ host }, i) => this.sessionsWith(host.peerId) > (before[i] as number))
    })
  }

  async evidence(): Promise<Evidence[]> {
    await this.keeper.settled()
    return await this.keeper.list()
  }

  /** Numbers of Ben's log that are held here. */
  held() {
    return this.reader.square.listHeld([this.ben.address])[0]?.ranges ?? []
  }

  #serviceOf(host: MemoryHost, ports: SquarePorts, role: 'peer' | 'seed'): SyncService {
    const capabilities = { door: ports, reader: ports, book: ports, logger: silentLogger, clock: this.reader.clock }
    return new SyncService(
      { ...capabilities, host: host.peerHost },
      {
        network: 'palabre',
        role,
        device: fakeKey(`device of ${host.peerId}`),
        profile: () => (host.peerId === 'reader' ? this.me.address : null),
        name: () => `name of ${host.peerId}`,
      },
    )
  }
}

/** The keeper of a store, as after a start. */
export function keeperOf(test: TestSquare): EvidenceKeeper {
  const { square } = test
  const store = { ...portsOf(test), names: async (profiles: readonly string[]) => square.names(profiles) }
  const book = {
    getState: async (key: string) => square.getState(key),
    setState: async (key: string, value: unknown) => square.setState(key, value),
  }
  return new EvidenceKeeper({ store, book, events: { publish: () => {} }, clock: test.clock, logger: silentLogger })
}

/** The same service, of which the scheduler hears nothing that a session showed. */
function deaf(service: SyncService): Pick<SyncService, 'endGuest' | 'filterWanted' | 'settled' | 'subscribe' | 'sync'> {
  return {
    endGuest: (peerId) => service.endGuest(peerId),
    filterWanted: (authors) => service.filterWanted(authors),
    settled: (peerId) => service.settled(peerId),
    sync: (peerId, options) => service.sync(peerId, options),
    subscribe: (listener) => service.subscribe((event) => (event.type === 'done' ? undefined : listener(event))),
  }
}

/**
 * A blackout on purpose: seeds or the internet are cut off for a few minutes, what still works is measured, and the
 * cut ends by itself. It lies in memory alone, so that nothing of it remains in a process that starts.
 */
import { type Drill, type DrillCut, drillSchema } from '../contract/drill.ts'
import type { NodeEvent } from '../contract/views.ts'
import { parsePeerId } from '../identity/peer-id.ts'
import type { IngestedEvent } from '../ingest/door.ts'
import { parseAddress, peerIdsOf } from '../net/addresses.ts'
import { Cut } from '../net/cut.ts'
import type { SyncEvent } from '../sync/sync-service.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import type { Clock } from '../util/clock.ts'
import { BadRequestError, PalabreError } from '../util/errors.ts'
import type { Logger } from '../util/logger.ts'
import type { DrillCalls } from './api/services.ts'
import { countSeeds, DrillMeter, type DrillSample, MAX_DRILL_FOLLOWED } from './drill-meter.ts'
import { drillRule } from './drill-rules.ts'
import type { RunningNetwork, StorageFigures } from './network-service.ts'
import type { NodePart, OwnIdentity, StateBook } from './ports.ts'

/** Where the last report lies. */
const STATE = 'drill'

/** Between two looks. */
export const DRILL_LOOK_EVERY_MS = 500
/** A seed that hasn't come back after so long isn't waited for. */
export const DRILL_RETURN_LIMIT_MS = 90_000
/** Between two rounds in which connected peers are asked for the people who are followed. */
const ASK_EVERY_MS = 10_000
/** After the start the DHT is asked, and for so long. */
const DHT_AFTER_MS = 2_000
const DHT_LIMIT_MS = 10_000

/** The running network, as far as a drill needs it. */
export type DrillNetwork = Pick<RunningNetwork, 'factsOf' | 'finding' | 'host' | 'reachability' | 'requestAuthors'>

export interface BlackoutDrillComponents {
  readonly identity: Pick<OwnIdentity, 'deviceKey' | 'profile'>
  /** `current` is null while there is none. */
  readonly network: { readonly current: DrillNetwork | null }
  readonly reader: Pick<TimelineReader, 'follows' | 'profile'>
  readonly cards: { readonly book: { get(device: Uint8Array): { readonly role: 'peer' | 'seed' } | null } }
  readonly storage: StorageFigures
  readonly states: StateBook
  readonly events: { publish(event: NodeEvent): void }
  readonly clock: Clock
  /** Tells how long it has been, however the other one is set. */
  readonly steady: Clock
  readonly logger: Logger
}

export interface BlackoutDrillInit {
  readonly role: 'peer' | 'seed'
  readonly isLocal: boolean
  /** Addresses that the network's descriptor lists. */
  readonly bootstrap: readonly string[]
}

/** One under way; `steady*` by the steady clock. */
interface Run {
  readonly cut: DrillCut
  /** Milliseconds since 1970. */
  readonly endsAt: number
  readonly meter: DrillMeter
  readonly followed: readonly Uint8Array[]
  readonly steadyStart: number
  readonly steadyEnd: number
  readonly hadSeeds: boolean
  /** Ends what it asks of the network. */
  readonly stop: AbortController
  askedAt: number
  hasAskedDht: boolean
  /** When the cut ended, null before. */
  steadyLifted: number | null
  /** Ends the cut; resolves when there is a report. */
  lifting: Promise<void> | null
  /** Set soon after that. */
  report: Drill | null
}

export class BlackoutDrill implements DrillCalls, NodePart {
  /** What the network keeps out. */
  readonly cut = new Cut()
  readonly #c: BlackoutDrillComponents
  readonly #init: BlackoutDrillInit
  /** Peer IDs of seeds that profiles and the descriptor name. */
  #named: ReadonlySet<string> = new Set()
  #run: Run | null = null
  #last: Drill | null = null
  #isBeginning = false
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(components: BlackoutDrillComponents, init: BlackoutDrillInit) {
    this.#c = components
    this.#init = init
  }

  async start(): Promise<void> {
    this.#last = drillSchema.safeParse(await this.#c.states.getState(STATE)).data ?? null
  }

  async stop(): Promise<void> {
    await this.#conclude()
    await this.#work
  }

  noteIdentities(): void {}
  noteSynced(): void {}

  /** The cut that is on, null for none. */
  running(): { cut: DrillCut; endsAt: number } | null {
    const run = this.#run
    return run === null || run.steadyLifted !== null ? null : { cut: run.cut, endsAt: run.endsAt }
  }

  async begin(cut: DrillCut, minutes: number): Promise<Drill> {
    const { network, clock, steady, identity, logger } = this.#c
    if (this.#init.role === 'seed') throw new BadRequestError('a seed makes no drill: others rely on it')
    if (this.#isBeginning || this.running() !== null) throw new PalabreError('busy', 'a drill runs already')
    this.#isBeginning = true
    try {
      const { followed, named } = await this.#listPeople()
      const running = network.current
      if (running === null) throw new PalabreError('unreachable', 'the network is not up yet')
      await this.#conclude()
      const startedAt = clock.now()
      const lengthMs = Math.round(minutes * 60_000)
      const before = sampleOf(running)
      const endsAt = startedAt + lengthMs
      const now = steady.now()
      const meter = new DrillMeter({ cut, startedAt, endsAt, before, device: identity.deviceKey, followed })
      this.#named = named
      const run: Run = {
        cut,
        endsAt,
        meter,
        followed: followed.map(({ key }) => key),
        steadyStart: now,
        steadyEnd: now + lengthMs,
        hadSeeds: countSeeds(before) > 0,
        stop: new AbortController(),
        askedAt: Number.NEGATIVE_INFINITY,
        hasAskedDht: false,
        steadyLifted: null,
        lifting: null,
        report: null,
      }
      this.#run = run
      const { isLocal, bootstrap } = this.#init
      this.cut.set(drillRule(cut, { isLocal, bootstrap, isSeed: (peerId) => this.#isSeed(peerId) }))
      logger.info({ cut, minutes }, 'a blackout drill begins')
      clearInterval(this.#timer)
      this.#timer = setInterval(() => this.#look(), DRILL_LOOK_EVERY_MS)
      this.#timer.unref()
      this.#c.events.publish({ type: 'network' })
      return await this.#sum(run)
    } finally {
      this.#isBeginning = false
    }
  }

  async end(): Promise<Drill | null> {
    if (this.#run !== null) await this.#lift(this.#run)
    return await this.status()
  }

  async status(): Promise<Drill | null> {
    const run = this.#run
    if (run === null) return this.#last
    return run.report ?? (await this.#sum(run))
  }

  noteIngested(event: IngestedEvent): void {
    if (this.running() !== null) this.#run?.meter.noteIngested(event)
  }

  noteSync(event: SyncEvent): void {
    if (this.running() !== null && !this.#isOut(event.peerId)) this.#run?.meter.noteSync(event)
  }

  noteHeld(peerId: string, device: Uint8Array, seqs: readonly number[]): void {
    if (this.running() !== null && !this.#isOut(peerId)) this.#run?.meter.noteHeld(device, seqs)
  }

  /** A session that the cut has broken off may still say how far it was. */
  #isOut(peerId: string): boolean {
    const connections = this.#c.network.current?.host.connections() ?? []
    return this.cut.coversPeer(peerId) || !connections.some((one) => one.peerId === peerId)
  }

  /** Whoever says so, whoever a card, a profile or the descriptor says so of. */
  #isSeed(peerId: string): boolean {
    const { network, cards } = this.#c
    if (this.#named.has(peerId) || network.current?.factsOf(peerId).role === 'seed') return true
    const device = parsePeerId(peerId)
    return device !== undefined && cards.book.get(device)?.role === 'seed'
  }

  async #listPeople() {
    const { reader, identity } = this.#c
    const follows = (await reader.follows()).filter(({ state }) => state === 'following').slice(0, MAX_DRILL_FOLLOWED)
    const profiles = [
      ...follows.map(({ profile }) => profile),
      ...(identity.profile === null ? [] : [identity.profile]),
    ]
    const views = await Promise.all(profiles.map((profile) => reader.profile(profile)))
    const addresses = [
      ...views.flatMap(({ seeds }) => seeds).flatMap((seed) => seed.addresses),
      ...this.#init.bootstrap,
    ]
    const named = new Set([
      ...views.flatMap(({ seeds }) => seeds.map(({ peerId }) => peerId)),
      ...addresses.flatMap((address) => {
        const parsed = parseAddress(address)
        return parsed === undefined ? [] : peerIdsOf(parsed).slice(-1)
      }),
    ])
    const followed = follows.flatMap(({ profile }) => {
      const key = parsePeerId(profile)
      return key === undefined ? [] : [{ profile, key }]
    })
    return { followed, named }
  }

  #look(): void {
    const run = this.#run
    if (run === null) return
    const now = this.#c.steady.now()
    if (run.steadyLifted !== null) {
      this.#lookForSeeds(run, now - run.steadyLifted)
      return
    }
    this.cut.enforce()
    this.#measure(run, now)
    this.#ask(run, now)
    if (now >= run.steadyEnd) this.#lift(run).catch((error: unknown) => this.#warn(error))
  }

  #measure(run: Run, now: number): void {
    const running = this.#c.network.current
    if (running !== null) run.meter.look(sampleOf(running), now - run.steadyStart)
  }

  /** Who keeps the records of whom is only known from who was asked. */
  #ask(run: Run, now: number): void {
    const running = this.#c.network.current
    if (running === null || run.followed.length === 0) return
    if (now - run.askedAt >= ASK_EVERY_MS) {
      running.requestAuthors(run.followed)
      run.askedAt = now
    }
    if (run.hasAskedDht || now - run.steadyStart < DHT_AFTER_MS) return
    run.hasAskedDht = true
    this.#askDht(run, running).catch((error: unknown) => this.#c.logger.debug({ err: error }, 'the DHT was not asked'))
  }

  async #askDht(run: Run, running: DrillNetwork): Promise<void> {
    const [author] = run.followed
    if (author === undefined) return
    const signal = AbortSignal.any([run.stop.signal, AbortSignal.timeout(DHT_LIMIT_MS)])
    const answers = running.finding.findProviders(author, { signal })
    if (answers === null) return
    let count = 0
    try {
      for await (const { peerId } of answers) {
        this.#c.logger.debug({ peerId }, 'the DHT answers in a drill')
        count++
      }
    } finally {
      if (!run.stop.signal.aborted) run.meter.noteDhtAnswers(count)
    }
  }

  /** The cut ends; then what was seen is summed up. One that can't be summed up is over without a report. */
  #lift(run: Run): Promise<void> {
    run.lifting ??= this.#liftOnce(run).catch((error: unknown) => {
      this.#clear(run)
      throw error
    })
    return run.lifting
  }

  async #liftOnce(run: Run): Promise<void> {
    const { clock, steady, logger, events } = this.#c
    const now = steady.now()
    this.#measure(run, now)
    run.steadyLifted = now
    run.stop.abort()
    this.cut.set(null)
    logger.info({}, 'the blackout drill has ended')
    run.report = { ...(await this.#sum(run)), state: 'returning', endsAt: clock.now() }
    if (!run.hadSeeds) this.#finish(run, null)
    events.publish({ type: 'network' })
  }

  #lookForSeeds(run: Run, sinceMs: number): void {
    const running = this.#c.network.current
    if (running !== null && countSeeds(sampleOf(running)) > 0) this.#finish(run, sinceMs)
    else if (sinceMs > DRILL_RETURN_LIMIT_MS) this.#finish(run, null)
  }

  /** Waits no longer for anything. */
  async #conclude(): Promise<void> {
    const run = this.#run
    if (run === null) return
    await this.#lift(run).catch((error: unknown) => this.#warn(error))
    this.#finish(run, null)
  }

  #finish(run: Run, seedsBackMs: number | null): void {
    if (this.#run !== run || run.report === null) return
    const report: Drill = { ...run.report, state: 'ended', seedsBackMs }
    this.#clear(run)
    this.#last = report
    const { states, logger, events } = this.#c
    events.publish({ type: 'network' })
    this.#work = states
      .setState(STATE, report)
      .catch((error: unknown) => logger.warn({ err: error }, 'the report of a drill could not be kept'))
  }

  #clear(run: Run): void {
    if (this.#run !== run) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#run = null
    this.cut.set(null)
  }

  #warn(error: unknown): void {
    this.#c.logger.warn({ err: error }, 'a drill has no report')
  }

  async #sum(run: Run): Promise<Drill> {
    const { ownRecords, holders } = await this.#c.storage.stats()
    return run.meter.sum({ records: ownRecords, holders })
  }
}

function sampleOf(running: DrillNetwork): DrillSample {
  const { host, finding } = running
  const { receivedBytes, sentBytes } = host.traffic()
  return {
    peers: host.connections().map(({ peerId }) => {
      const { role, profile } = running.factsOf(peerId)
      return { peerId, profile, isSeed: role === 'seed' }
    }),
    isDirect: finding.directSince !== null,
    relays: running.reachability()?.relays.length ?? null,
    nearby: finding.lanPeers,
    traffic: { receivedBytes, sentBytes },
  }
}

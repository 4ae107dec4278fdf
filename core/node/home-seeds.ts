import type { NodeEvent } from '../contract/views.ts'
import type { TimelineReader } from '../timeline/reader.ts'
import type { Clock } from '../util/clock.ts'
import type { Logger } from '../util/logger.ts'
import type { Startable } from '../util/startable.ts'
import { HomeSeedBook, MISSED_DAYS } from './home-seed-book.ts'
import type { ConnectedPeers, OwnIdentity, StateBook } from './ports.ts'
import type { ProfileDraft, SeedEntry } from './publish/drafts.ts'

/** A profile names this many seeds by itself; more are the person's choice. */
export const WANTED_HOME_SEEDS = 3
/** Seeds come in flocks at a start: one profile record for all of them. */
const DEBOUNCE_MS = 2_000
/** Whom the node knows is met again by then; and how often it is looked at who wasn't. */
const SETTLED_MS = 10 * 60_000

export interface HomeSeedsComponents {
  readonly identity: OwnIdentity
  readonly peers: ConnectedPeers
  readonly writing: {
    rewriteProfile(profile: string, change: (current: ProfileDraft) => ProfileDraft | null): Promise<void>
  }
  readonly reader: Pick<TimelineReader, 'profile'>
  readonly events: { publish(event: NodeEvent): void }
  readonly book: StateBook
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Keeps the profile's home seeds true: while it names fewer than three, seeds that we reached by dialling are added
 * with the address that worked, a seed that moved gets its new one, and one that this node named and hasn't met for a
 * week makes room for one that it meets, at most one a day. Others find us through them.
 */
export class HomeSeeds implements Startable {
  readonly #components: HomeSeedsComponents
  readonly #debounceMs: number
  readonly #book: HomeSeedBook
  #timer: NodeJS.Timeout | undefined
  #daily: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #isStarted = false

  constructor(components: HomeSeedsComponents, init: { readonly debounceMs?: number } = {}) {
    this.#components = components
    this.#debounceMs = init.debounceMs ?? DEBOUNCE_MS
    this.#book = new HomeSeedBook(components)
  }

  start(): void {
    this.#isStarted = true
    this.#running = this.#book.load().catch((error: unknown) => this.#warn(error))
    this.#daily = setInterval(() => this.#run(() => this.review()), SETTLED_MS)
    this.#daily.unref()
  }

  async stop(): Promise<void> {
    this.#isStarted = false
    clearTimeout(this.#timer)
    clearInterval(this.#daily)
    await this.#running
  }

  /** Seeds that can be named now. */
  listConnected(): readonly SeedEntry[] {
    return this.#components.peers
      .listConnected()
      .filter((peer) => peer.isSeed && peer.dialable !== null)
      .map((peer) => ({ peerId: peer.peerId, addresses: [peer.dialable as string] }))
  }

  /** To be called when a seed has been met. */
  notePeers(): void {
    if (!this.#isStarted || this.#components.identity.profile === null || this.listConnected().length === 0) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#run(() => this.#update())
    }, this.#debounceMs)
    this.#timer.unref()
  }

  /** Seeds that this node puts into the first profile. */
  async noteNamed(seeds: readonly SeedEntry[]): Promise<void> {
    await this.#book.noteOwn(seeds.map(({ peerId }) => peerId))
  }

  /** Counts who of the profile's seeds isn't met, and replaces one that hasn't been for a week. */
  async review(): Promise<void> {
    const { identity, logger, peers, reader } = this.#components
    const { profile } = identity
    if (profile === null || !this.#isStarted) return
    const named = (await reader.profile(profile)).seeds.map(({ peerId }) => peerId)
    const met = peers.listConnected().flatMap(({ peerId, isSeed }) => (isSeed ? [peerId] : []))
    await this.#book.note(named, met)
    const missed = this.#book.listMissed(named)
    if (missed.length > 0) logger.info({ missed, days: MISSED_DAYS }, 'home seeds that others named are not met')
    const givenUp = this.#book.findGivenUp(named)
    const instead = this.listConnected().find(({ peerId }) => !named.includes(peerId))
    if (givenUp !== null && instead !== undefined) await this.#replace(profile, givenUp, instead)
  }

  async #replace(profile: string, givenUp: string, instead: SeedEntry): Promise<void> {
    const { events, logger, writing } = this.#components
    await writing.rewriteProfile(profile, (current) => ({
      ...current,
      seeds: current.seeds.map((seed) => (seed.peerId === givenUp ? instead : seed)),
    }))
    await this.#book.noteReplaced()
    await this.#book.noteOwn([instead.peerId])
    logger.info({ givenUp, instead: instead.peerId }, 'a home seed that is not met any more was replaced')
    events.publish({ type: 'profile', profile })
  }

  #run(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).catch((error: unknown) => this.#warn(error))
  }

  #warn(error: unknown): void {
    this.#components.logger.warn({ err: error }, 'the home seeds of the profile could not be updated')
  }

  async #update(): Promise<void> {
    const { identity, writing, events } = this.#components
    const { profile } = identity
    if (profile === null || !this.#isStarted) return
    let added: readonly SeedEntry[] = []
    await writing.rewriteProfile(profile, (current) => {
      if (current.name === '') return null
      const seeds = mergeSeeds(current.seeds, this.listConnected())
      added = (seeds ?? []).filter(({ peerId }) => current.seeds.every((seed) => seed.peerId !== peerId))
      return seeds === null ? null : { ...current, seeds }
    })
    await this.noteNamed(added)
    events.publish({ type: 'profile', profile })
  }
}

/** The named seeds with what is known now, null when that changes nothing. */
export function mergeSeeds(named: readonly SeedEntry[], met: readonly SeedEntry[]): readonly SeedEntry[] | null {
  let hasChanged = false
  const merged: SeedEntry[] = [...named]
  for (const seed of met) {
    const at = merged.findIndex(({ peerId }) => peerId === seed.peerId)
    const known = merged[at]
    if (known === undefined) {
      if (merged.length >= WANTED_HOME_SEEDS) continue
      merged.push(seed)
      hasChanged = true
    } else if (!seed.addresses.every((address) => known.addresses.includes(address))) {
      merged[at] = seed
      hasChanged = true
    }
  }
  return hasChanged ? merged : null
}

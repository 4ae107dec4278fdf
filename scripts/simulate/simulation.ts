import { Authors, audienceOf, tellsOf } from './audience.ts'
import { deliver } from './deliver.ts'
import { Desks } from './desks.ts'
import { Flight } from './flight.ts'
import { Homes } from './homes.ts'
import { measureWorld, type Outcome } from './outcome.ts'
import { GOAL_MS, type Parameters, RECORD_WINDOW_MS } from './parameters.ts'
import { CHECK_AFTER_MS, Repairs } from './repairs.ts'
import { SeedLinks } from './seed-links.ts'
import { Spread } from './spread.ts'
import { Tally } from './tally.ts'
import { EVENT, World } from './world.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const RECOVERY_BIN_MS = 30_000
const RECOVERY_BINS = 20
const CELEBRITY_EVERY_MS = 15_000
/** Messages of one shard come over the mesh this many times, copies included. */
const COPIES = 3
/** Where desktops may join shards, there are at most so many people. */
const MOST_JOINED = 20_000

/** One run. The same parameters give the same outcome. */
export class Simulation {
  readonly #w: World
  readonly #homes: Homes
  readonly #desks: Desks
  readonly #repairs: Repairs
  readonly #spread: Spread
  readonly #seeds: SeedLinks
  /** By half minutes after the takedown. */
  readonly #recovery: Tally[] = []
  readonly #tallies = [new Tally(), new Tally(), new Tally()] as const
  readonly #authors: Authors
  readonly #meanGapMs: number
  readonly #endMs: number
  readonly #takedownMs: number
  readonly #isJoining: boolean
  readonly #open = new Map<number, Flight>()
  /** Records whose author had nobody to give them to. */
  readonly #unsent = new Map<number, Flight[]>()
  #lastFlight = 0

  constructor(parameters: Parameters) {
    this.#w = new World(parameters)
    this.#desks = new Desks(this.#w, {
      onOutage: (user) => this.#homes.tryAgain(user),
      cutReaders: (node) => this.#homes.cutReaders(node, false),
    })
    this.#homes = new Homes(this.#w, {
      onConnected: (user, node) => this.#onConnected(user, node),
      onAlone: (user) => this.#desks.noteAlone(user),
      onClosed: (user, node) => this.#onClosed(user, node),
      onAsked: (node) => this.#desks.onAsked(node),
      pickStandIn: (user) => this.#desks.pickStandIn(user),
    })
    this.#repairs = new Repairs(this.#w)
    this.#spread = new Spread(this.#w, { desks: this.#desks, repairs: this.#repairs })
    this.#seeds = new SeedLinks(this.#w)
    this.#authors = new Authors(this.#w)
    const { online, sample, minutes, takedown, takedownAt, recordBytes, gossipOverhead } = parameters
    // Authors write while they are online: what is drawn for somebody who isn't is nothing.
    this.#meanGapMs = (online * DAY_MS) / (sample * this.#authors.perDay)
    this.#endMs = minutes * MINUTE_MS
    this.#takedownMs = takedown > 0 ? takedownAt * this.#endMs : Number.POSITIVE_INFINITY
    const shardBytes = parameters.users * parameters.recordsPerDay * (recordBytes + gossipOverhead) * COPIES
    const isCheap = parameters.shards === 'all' || shardBytes < parameters.shardBudgetMB * 1e6
    this.#isJoining = parameters.shards !== 'none' && isCheap
    if (this.#isJoining && parameters.users > MOST_JOINED) {
      throw new RangeError(`${parameters.users} desktops in every shard are more than this simulator holds`)
    }
  }

  run(): Outcome {
    let events = 0
    this.#settle()
    const { queue } = this.#w
    while (queue.next(this.#endMs + RECORD_WINDOW_MS)) {
      events++
      this.#handle(queue.kind, queue.a, queue.b, queue.c)
    }
    return this.#outcome(events)
  }

  #settle(): void {
    const w = this.#w
    const { users, celebrity } = w.parameters
    this.#seeds.settle()
    const share = w.onlineShare()
    for (let user = 0; user < users; user++) {
      const isOnline = w.random.chance(share) || (celebrity > 0 && user === 0)
      if (isOnline) this.#begin(user, Number.NEGATIVE_INFINITY)
      else w.queue.at(w.random.exponential(this.#pauseMs()), EVENT.wake, user)
    }
    for (let user = 0; user < users; user++) if (w.isOnline[user] === 1) this.#homes.settle(user)
    for (let user = 0; user < users; user++) if (w.isOnline[user] === 1) this.#desks.settle(user)
    this.#seeds.settleSybils()
    // Meshes are made when everybody is there.
    if (this.#isJoining) for (let node = 0; node < users + w.seeds; node++) w.gossip.fill(node)
    w.queue.at(w.random.exponential(this.#meanGapMs), EVENT.post)
    if (celebrity > 0) w.queue.at(CELEBRITY_EVERY_MS, EVENT.celebrity)
    if (this.#takedownMs < this.#endMs) w.queue.at(this.#takedownMs, EVENT.takedown)
  }

  #handle(kind: number, a: number, b: number, c: number): void {
    switch (kind) {
      case EVENT.post:
        this.#onPost()
        return
      case EVENT.celebrity:
        this.#write(0)
        if (this.#w.now < this.#endMs) this.#w.queue.at(this.#w.now + CELEBRITY_EVERY_MS, EVENT.celebrity)
        return
      case EVENT.wake:
        this.#onWake(a)
        return
      case EVENT.sleep:
        this.#onSleep(a, b)
        return
      case EVENT.dialled:
        this.#homes.onDialled(a, b, c)
        return
      case EVENT.tryHomes:
        this.#homes.onTry(a, b)
        return
      case EVENT.homeLost:
        this.#homes.onLost(a, b, c)
        return
      case EVENT.outage:
        this.#desks.onOutage(a, b)
        return
      case EVENT.tryPeers:
        this.#desks.onTry(a, b)
        return
      case EVENT.peerDialled:
        this.#desks.onDialled(a, b, c)
        return
      case EVENT.takedown:
        this.#onTakedown()
        return
      case EVENT.healSeed:
        this.#seeds.onHeal(a, b)
        return
      case EVENT.fillMesh:
        this.#w.gossip.fill(a)
        return
      default:
        this.#handleRecord(kind, a, b, c)
    }
  }

  #handleRecord(kind: number, id: number, b: number, c: number): void {
    const flight = this.#w.flight(id)
    if (flight === undefined) return
    switch (kind) {
      case EVENT.arrive:
        this.#spread.onArrive(flight, b, c)
        return
      case EVENT.push:
        this.#spread.onPush(flight, b)
        return
      case EVENT.deskArrive:
        this.#desks.onArrive(flight, b)
        return
      case EVENT.deliver:
        if (deliver(this.#w, flight, b, c)) this.#desks.forward(flight, flight.audience[b] as number)
        return
      case EVENT.lazy:
        this.#spread.onLazy(flight, b)
        return
      case EVENT.repairNode:
        this.#spread.onRepair(flight, b)
        return
      case EVENT.check:
        this.#repairs.check(flight)
        this.#spread.seek(flight)
        return
      case EVENT.close:
        this.#onClose(flight)
        return
    }
  }

  // --- people come and go ---

  #pauseMs(): number {
    const share = this.#w.onlineShare()
    return (this.#w.parameters.sessionMinutes * MINUTE_MS * (1 - share)) / share
  }

  #begin(user: number, since: number): void {
    const w = this.#w
    w.isOnline[user] = 1
    w.onlineSince[user] = since
    w.session[user] = (w.session[user] as number) + 1
    if (this.#isJoining) {
      w.isAlive[w.nodeOf(user)] = 1
      w.gossip.join(w.nodeOf(user))
    }
    if (user === 0 && w.parameters.celebrity > 0) return
    const stay = w.random.exponential(w.parameters.sessionMinutes * MINUTE_MS)
    w.queue.at(w.now + stay, EVENT.sleep, user, w.session[user] as number)
  }

  #onWake(user: number): void {
    this.#begin(user, this.#w.now)
    this.#homes.wake(user)
    this.#desks.wake(user)
  }

  #onSleep(user: number, session: number): void {
    const w = this.#w
    if (w.session[user] !== session) return
    w.traffic.onlineMs += w.now - Math.max(0, w.onlineSince[user] as number)
    w.offlineAt[user] = w.now
    this.#homes.sleep(user)
    this.#desks.sleep(user)
    if (this.#isJoining) {
      const node = w.nodeOf(user)
      w.isAlive[node] = 0
      for (const due of w.gossip.leave(node)) w.queue.at(w.now + w.random.below(1_000), EVENT.fillMesh, due)
    }
    w.isOnline[user] = 0
    w.queue.at(w.now + w.random.exponential(this.#pauseMs()), EVENT.wake, user)
  }

  #onConnected(user: number, home: number): void {
    const w = this.#w
    if (w.isSeed(home)) this.#desks.noteSeed(user)
    if (w.gossip.has(w.nodeOf(user))) {
      w.gossip.link(w.nodeOf(user), home)
      if (w.now > 0) w.queue.at(w.now + w.random.below(1_000), EVENT.fillMesh, w.nodeOf(user))
    }
    this.#repairs.noteConnected(user)
    for (const flight of this.#unsent.get(user) ?? []) if (flight.holders === 0) this.#spread.launch(flight)
    this.#unsent.delete(user)
  }

  #onClosed(user: number, home: number): void {
    const w = this.#w
    if (!w.gossip.has(w.nodeOf(user))) return
    if (w.gossip.unlink(w.nodeOf(user), home)) w.queue.at(w.now + w.random.below(1_000), EVENT.fillMesh, home)
    w.queue.at(w.now + w.random.below(1_000), EVENT.fillMesh, w.nodeOf(user))
  }

  #onTakedown(): void {
    const victims = this.#seeds.pickVictims()
    for (const seed of victims) this.#seeds.take(seed)
    const isSilent = this.#w.parameters.takedownIs === 'silent'
    for (const seed of victims) this.#homes.cutReaders(seed, isSilent)
  }

  // --- records ---

  #onPost(): void {
    const w = this.#w
    if (w.now > this.#endMs) return
    w.queue.at(w.now + w.random.exponential(this.#meanGapMs), EVENT.post)
    const author = this.#authors.draw()
    if (w.isOnline[author] === 1) this.#write(author)
  }

  #write(author: number): void {
    const w = this.#w
    if (w.now > this.#endMs) return
    const { recordBytes, settleSeconds } = w.parameters
    const settledMs = this.#takedownMs + settleSeconds * 1_000
    const flight = new Flight({
      id: ++this.#lastFlight,
      author,
      bornAt: w.now,
      shard: w.shardOf(author),
      bytes: recordBytes / 2 + w.random.exponential(recordBytes / 2),
      // What is on its way at the takedown is caught by it.
      phase: w.now < this.#takedownMs - GOAL_MS ? 0 : w.now < settledMs ? 1 : 2,
      audience: audienceOf(this.#w, author),
      seeds: w.seeds,
    })
    w.addFlight(flight)
    this.#open.set(flight.id, flight)
    this.#desks.prepare(flight)
    flight.tells = tellsOf(this.#w, flight)
    this.#spread.launch(flight)
    if (flight.isAuthorAlone) this.#unsent.set(author, [...(this.#unsent.get(author) ?? []), flight])
    w.queue.at(w.now + CHECK_AFTER_MS, EVENT.check, flight.id)
    w.queue.at(w.now + 1_000, EVENT.lazy, flight.id, 1)
    w.queue.at(w.now + RECORD_WINDOW_MS, EVENT.close, flight.id)
  }

  #onClose(flight: Flight): void {
    this.#w.removeFlight(flight)
    this.#open.delete(flight.id)
    this.#repairs.forget(flight)
    this.#tallies[flight.phase as 0 | 1 | 2].note(this.#w, flight)
    const bin = Math.floor((flight.bornAt - this.#takedownMs) / RECOVERY_BIN_MS)
    if (bin >= 0 && bin < RECOVERY_BINS) {
      this.#recovery[bin] ??= new Tally()
      this.#recovery[bin]?.note(this.#w, flight)
    }
  }

  #outcome(events: number): Outcome {
    for (const flight of this.#open.values()) if (this.#w.now - flight.bornAt > GOAL_MS) this.#onClose(flight)
    const [before, during, after] = this.#tallies
    return {
      before: before.reach(),
      during: during.reach(),
      after: after.reach(),
      recovery: this.#recovery.map((tally) => tally.reach().inTime),
      ...measureWorld(this.#w, this.#homes),
      ignored: this.#spread.ignored,
      events,
    }
  }
}

import { PROGRAM } from './parameters.ts'
import { EVENT, HOMES, NOBODY, type World } from './world.ts'

/** Addresses that are dialled in one round: of whoever has nobody, of whoever wants one more. */
const ROUND_ALONE = 24
const ROUND_MORE = 12
const MAX_PARALLEL_DIALS = 8
/** Seeds that a node knows: `peers.json` and the profiles of those it follows. */
const MAX_BOOK = 256
/** From the start of the program until it dials. */
const STARTING_MS = 1_300
/** One-way trips until a connection can be used: TCP, Noise, Yamux and identify. */
const HANDSHAKE_TRIPS = 8
/** A seed under the rule `share` keeps the last fifth of its room for people who have nobody. */
const SHARED_ROOM = 0.8
const EVICTION_LOOKS = 50
/** Handshake, identify, subscriptions and the greetings of sync and feed. */
const CONNECT_BYTES = 6_000

export interface HomesInit {
  /** A home is connected. */
  readonly onConnected: (user: number, node: number) => void
  /** The last home is gone. */
  readonly onAlone: (user: number) => void
  /** A connection of that user with this node is gone. */
  readonly onClosed: (user: number, node: number) => void
  /** Somebody without seeds dials this desktop. */
  readonly onAsked: (node: number) => void
  /** An open desktop that may stand in for a seed, −1 for none. */
  readonly pickStandIn: (user: number) => number
}

/** Connections of desktops to their home seeds, and to desktops that stand in for some. */
export class Homes {
  readonly #w: World
  readonly #init: HomesInit
  /** Seeds that the profile names. */
  readonly #named: Int32Array
  readonly #dialling: Uint8Array
  readonly #cursor: Uint16Array
  readonly #failures: Uint8Array
  readonly #isWaiting: Uint8Array
  readonly #readers = new Map<number, Set<number>>()
  refusals = 0
  /** Most readers that a seed has had. */
  mostReaders = 0

  constructor(world: World, init: HomesInit) {
    const { users } = world.parameters
    this.#w = world
    this.#init = init
    this.#named = new Int32Array(HOMES * users).fill(NOBODY)
    this.#dialling = new Uint8Array(users)
    this.#cursor = new Uint16Array(users)
    this.#failures = new Uint8Array(users)
    this.#isWaiting = new Uint8Array(users)
    this.#drawNamed()
  }

  /** The state of a network that has run for long: whoever is online has the homes that had room. */
  settle(user: number): void {
    const size = Math.min(ROUND_ALONE, this.#bookSize(user))
    for (let at = 0; at < size && this.#w.countHomes(user) < HOMES; at++) {
      const node = this.#book(user, at)
      if (this.#isFit(user, node, true) && this.#takesIn(node, user)) {
        this.#connect(user, node)
        for (let place = 0; place < HOMES; place++) this.#w.feedSince[HOMES * user + place] = Number.NEGATIVE_INFINITY
      }
    }
    if (this.#w.countHomes(user) === 0) this.#init.onAlone(user)
    if (this.#w.countHomes(user) < HOMES) this.#wait(user)
  }

  wake(user: number): void {
    this.#dialling[user] = 0
    this.#cursor[user] = 0
    this.#failures[user] = 0
    this.#isWaiting[user] = 1
    this.#init.onAlone(user)
    this.#w.queue.at(this.#w.now + STARTING_MS, EVENT.tryHomes, user, this.#w.session[user] as number)
  }

  sleep(user: number): void {
    for (let place = 0; place < HOMES; place++) this.#close(user, place)
  }

  onTry(user: number, session: number): void {
    if (this.#w.session[user] !== session) return
    this.#isWaiting[user] = 0
    this.#dial(user)
  }

  onDialled(user: number, node: number, session: number): void {
    const w = this.#w
    if (w.session[user] !== session) return
    this.#dialling[user] = (this.#dialling[user] as number) - 1
    if (!w.isSeed(node)) this.#init.onAsked(node)
    const hasAnswered = w.isAlive[node] === 1 && this.#isFit(user, node, this.#failures[user] === 0)
    if (hasAnswered && w.countHomes(user) < HOMES && this.#takesIn(node, user)) this.#connect(user, node)
    else this.refusals++
    this.#dial(user)
  }

  /** A connection has ended, or the user has noticed at last. */
  onLost(user: number, node: number, session: number): void {
    if (this.#w.session[user] !== session) return
    for (let place = 0; place < HOMES; place++) {
      if (this.#w.homeOf(user, place) !== node) continue
      this.#close(user, place)
      this.#cursor[user] = 0
      this.#failures[user] = 0
      if (this.#w.countHomes(user) === 0) this.#init.onAlone(user)
      this.#dial(user)
    }
  }

  /** Every reader of this node loses it: at once, or when its pings stay without an answer. */
  cutReaders(node: number, isSilent: boolean): void {
    const { queue, random, session, now } = this.#w
    for (const user of this.#readers.get(node) ?? []) {
      const delay = isSilent ? random.unit() * PROGRAM.pingIntervalMs + PROGRAM.pingTimeoutMs : 1
      queue.at(now + delay, EVENT.homeLost, user, node, session[user] as number)
    }
  }

  /** An outage changes whom there is to dial. */
  tryAgain(user: number): void {
    this.#failures[user] = 0
    this.#dial(user)
  }

  // --- dialling ---

  #dial(user: number): void {
    const w = this.#w
    if (w.isOnline[user] === 0) return
    const missing = HOMES - w.countHomes(user)
    if (missing <= 0) return
    const isAlone = missing === HOMES
    const size = this.#bookSize(user)
    const roundEnd = isAlone ? ROUND_ALONE : ROUND_MORE
    const parallel = Math.min(MAX_PARALLEL_DIALS, missing + (this.#cursor[user] as number))
    while ((this.#dialling[user] as number) < parallel && (this.#cursor[user] as number) < roundEnd) {
      const cursor = this.#cursor[user] as number
      this.#cursor[user] = cursor + 1
      const node = this.#candidate(user, cursor, size)
      if (node === NOBODY || !this.#isFit(user, node, this.#failures[user] === 0)) continue
      this.#dialling[user] = (this.#dialling[user] as number) + 1
      w.queue.at(w.now + this.#dialMs(user, node), EVENT.dialled, user, node, w.session[user] as number)
    }
    if (this.#dialling[user] === 0) this.#wait(user)
  }

  /** Milliseconds until a dial has succeeded or failed. */
  #dialMs(user: number, node: number): number {
    const w = this.#w
    const trip = w.machines.latency(w.nodeOf(user), node)
    const isThere = w.isSeed(node) ? w.isAlive[node] === 1 : w.isOnline[w.userOf(node)] === 1
    if (isThere && (w.isSeed(node) || w.hasMoved[w.userOf(node)] === 0)) return HANDSHAKE_TRIPS * trip
    return w.parameters.takedownIs === 'silent' || !w.isSeed(node) ? PROGRAM.dialTimeoutMs : 2 * trip
  }

  #wait(user: number): void {
    if (this.#isWaiting[user] === 1) return
    const w = this.#w
    const { firstRetryMs, maxRetryMs, maxMissedRetryMs } = PROGRAM.dial
    const longest = w.countHomes(user) === 0 ? maxMissedRetryMs : maxRetryMs
    const full = Math.min(longest, firstRetryMs * 2 ** Math.min(16, this.#failures[user] as number))
    this.#failures[user] = Math.min(200, (this.#failures[user] as number) + 1)
    this.#cursor[user] = 0
    this.#isWaiting[user] = 1
    const delay = full * (0.5 + 0.5 * w.random.unit())
    w.queue.at(w.now + delay, EVENT.tryHomes, user, w.session[user] as number)
  }

  #candidate(user: number, cursor: number, size: number): number {
    const w = this.#w
    const isSeeking = w.isInOutage[user] === 1 && w.isStandIn[user] === 0
    if (isSeeking && cursor % 4 !== 0) return this.#init.pickStandIn(user)
    // The first round goes through the book from its beginning, later ones look elsewhere.
    const isFirst = this.#failures[user] === 0
    return this.#book(user, isFirst || cursor < HOMES ? cursor % size : w.random.below(size))
  }

  /** Not connected yet, and of another operator while there is a choice. */
  #isFit(user: number, node: number, isChoosy: boolean): boolean {
    const w = this.#w
    for (let place = 0; place < HOMES; place++) {
      const home = w.homeOf(user, place)
      if (home === NOBODY) continue
      if (home === node) return false
      const isSame = w.isSeed(home) && w.isSeed(node) && w.machines.operators[home] === w.machines.operators[node]
      if (isChoosy && isSame) return false
    }
    return true
  }

  // --- room ---

  #takesIn(node: number, user: number): boolean {
    const w = this.#w
    const { crowded, knowsItsPeople, seedRoom, outageLinks } = w.parameters
    if (w.isAlive[node] === 0) return false
    const readers = w.readers[node] as number
    if (!w.isSeed(node) && w.hasMoved[w.userOf(node)] === 1) return false
    if (!w.isSeed(node)) return readers < PROGRAM.desktopConnections - outageLinks
    const used = readers + (w.sybils[node] as number) + w.countSeedLinks(node)
    const isAlone = w.countHomes(user) === 0
    if (crowded === 'share' && !isAlone && used >= SHARED_ROOM * seedRoom) return false
    if (used < seedRoom) return true
    if (knowsItsPeople && (w.sybils[node] as number) > 0 && this.#isNamed(user, node)) {
      w.sybils[node] = (w.sybils[node] as number) - 1
      return true
    }
    return crowded === 'share' && isAlone && this.#evict(node)
  }

  /** Closes on somebody who has other homes. */
  #evict(node: number): boolean {
    let looks = 0
    for (const reader of this.#readers.get(node) ?? []) {
      if (++looks > EVICTION_LOOKS) return false
      if (this.#w.countHomes(reader) < 2) continue
      for (let place = 0; place < HOMES; place++) if (this.#w.homeOf(reader, place) === node) this.#close(reader, place)
      this.#wait(reader)
      return true
    }
    return false
  }

  #connect(user: number, node: number): void {
    const w = this.#w
    for (let place = 0; place < HOMES; place++) {
      const at = HOMES * user + place
      if (w.homes[at] !== NOBODY) continue
      w.homes[at] = node
      w.homeSince[at] = w.now
      w.feedSince[at] = w.now + PROGRAM.feedSettleMs + 4 * w.machines.latency(w.nodeOf(user), node)
      w.readers[node] = (w.readers[node] as number) + 1
      this.mostReaders = Math.max(this.mostReaders, w.readers[node] as number)
      const readers = this.#readers.get(node) ?? new Set()
      this.#readers.set(node, readers.add(user))
      if (w.now > 0) w.traffic.add(user, 'connections', CONNECT_BYTES)
      this.#init.onConnected(user, node)
      return
    }
  }

  #close(user: number, place: number): void {
    const w = this.#w
    const at = HOMES * user + place
    const node = w.homes[at] as number
    if (node === NOBODY) return
    w.homes[at] = NOBODY
    w.readers[node] = (w.readers[node] as number) - 1
    this.#init.onClosed(user, node)
    this.#readers.get(node)?.delete(user)
    w.traffic.addConnection(user, w.now - (w.homeSince[at] as number), PROGRAM, true)
    const { sybils, seedRoom } = w.parameters
    if (sybils === 0 || !w.isSeed(node)) return
    // Whoever is turned away comes again: of those who wait for the place most are strangers.
    const used = (w.readers[node] as number) + (w.sybils[node] as number) + w.countSeedLinks(node)
    const isWanted = used + 1 >= seedRoom && w.random.chance(sybils / (sybils + 1))
    if (isWanted) w.sybils[node] = (w.sybils[node] as number) + 1
  }

  // --- who is known ---

  #isNamed(user: number, node: number): boolean {
    for (let place = 0; place < HOMES; place++) if (this.#named[HOMES * user + place] === node) return true
    return false
  }

  #bookSize(user: number): number {
    const { links, bootstrap, seeds } = this.#w.parameters
    if (links === 'today') return Math.min(bootstrap, seeds)
    const { followsFrom } = this.#w.graph
    const follows = (followsFrom[user + 1] as number) - (followsFrom[user] as number)
    return Math.min(MAX_BOOK, HOMES + HOMES * follows)
  }

  /** Own home seeds first, then those of the people one follows; today those of the list. */
  #book(user: number, at: number): number {
    const { links, bootstrap, seeds } = this.#w.parameters
    if (links === 'today') return (user + at) % Math.min(bootstrap, seeds)
    if (at < HOMES) return this.#named[HOMES * user + at] as number
    const { followsFrom, follows } = this.#w.graph
    const from = followsFrom[user] as number
    const count = (followsFrom[user + 1] as number) - from
    const followed = follows[from + ((Math.floor((at - HOMES) / HOMES) * 7 + user) % count)] as number
    return this.#named[HOMES * followed + ((at + user) % HOMES)] as number
  }

  #drawNamed(): void {
    const { users, seeds, links, bootstrap, seedZipf } = this.#w.parameters
    const { random, machines } = this.#w
    for (let user = 0; user < users; user++) {
      for (let place = 0; place < HOMES; place++) {
        let seed = 0
        for (let attempt = 0; attempt < HOMES * 3; attempt++) {
          seed = links === 'today' ? random.below(Math.min(bootstrap, seeds)) : random.rank(seeds, seedZipf)
          const isOther = (other: number) => {
            const named = this.#named[HOMES * user + other] as number
            return named !== seed && machines.operators[named] !== machines.operators[seed]
          }
          if (place === 0 || (isOther(0) && (place === 1 || isOther(1)))) break
        }
        this.#named[HOMES * user + place] = seed
      }
    }
  }
}

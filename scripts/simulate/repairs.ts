import { COMING, type Flight, WAITING } from './flight.ts'
import { PROGRAM } from './parameters.ts'
import { EVENT, HOMES, NOBODY, type World } from './world.ts'

/** One-way trips of a sync session until what is lacking is here, and of the first one of a connection. */
const PULL_TRIPS = 8
/** Between the check, and what has been named by then. */
export const CHECK_AFTER_MS = PROGRAM.namedGraceMs + 300

/** What finds a record that the quick way has left out: names, heads, the sync of a new connection. */
export class Repairs {
  readonly #w: World
  /** Records that each user lacks. */
  readonly #lacking = new Map<number, Flight[]>()

  constructor(world: World) {
    this.#w = world
  }

  /** Whoever was to have it by now and hasn't. */
  check(flight: Flight): void {
    for (let member = 0; member < flight.audience.length; member++) {
      if (flight.state(member) !== WAITING || this.#repair(flight, member)) continue
      flight.late.push(member)
      const user = flight.audience[member] as number
      const lacking = this.#lacking.get(user)
      if (lacking === undefined) this.#lacking.set(user, [flight])
      else lacking.push(flight)
    }
  }

  /** A node has it later than the others. */
  noteSeen(flight: Flight, node: number): void {
    for (const member of flight.late) {
      const user = flight.audience[member] as number
      for (let place = 0; place < HOMES; place++) {
        if (this.#w.homeOf(user, place) === node) this.#repair(flight, member)
      }
    }
  }

  /** A user has a home that it hadn't. */
  noteConnected(user: number): void {
    for (const flight of this.#lacking.get(user) ?? []) this.#repair(flight, flight.memberOf(user))
  }

  forget(flight: Flight): void {
    for (const member of flight.late) {
      const user = flight.audience[member] as number
      const rest = (this.#lacking.get(user) ?? []).filter((other) => other !== flight)
      if (rest.length > 0) this.#lacking.set(user, rest)
      else this.#lacking.delete(user)
    }
  }

  #repair(flight: Flight, member: number): boolean {
    const w = this.#w
    if (flight.state(member) !== WAITING) return true
    const user = flight.audience[member] as number
    if (w.isOnline[user] === 0) return false
    let due = Number.POSITIVE_INFINITY
    for (let place = 0; place < HOMES; place++) due = Math.min(due, this.#dueFrom(flight, user, place))
    if (due === Number.POSITIVE_INFINITY) return false
    flight.setState(member, COMING)
    w.traffic.add(user, 'feeds', flight.bytes + 2_000)
    w.queue.at(due, EVENT.deliver, flight.id, member, w.session[user] as number)
    return true
  }

  /** When that home's part of the protocol brings it. */
  #dueFrom(flight: Flight, user: number, place: number): number {
    const w = this.#w
    const home = w.homeOf(user, place)
    if (home === NOBODY || w.isAlive[home] === 0) return Number.POSITIVE_INFINITY
    const at = flight.seenAt(home)
    if (Number.isNaN(at)) return Number.POSITIVE_INFINITY
    const trip = w.machines.latency(w.nodeOf(user), home)
    const [since, fedSince] = [w.homeSince[HOMES * user + place] as number, w.feedSince[HOMES * user + place] as number]
    // The sync that begins a connection brings what was there before it.
    if (at <= since + 2 * trip) return Math.max(w.now, since) + PULL_TRIPS * trip
    // Between that sync and the feed there is a gap, which the first heads show.
    if (at < fedSince) return fedSince + PROGRAM.firstHeadsMs + PROGRAM.headsRecheckMs + PULL_TRIPS * trip
    if (w.wholeHome(user) === home) return Math.max(w.now, at) + trip
    return Math.max(w.now, at + trip + PROGRAM.namedGraceMs) + PROGRAM.hintDelayMs + PULL_TRIPS * trip
  }
}

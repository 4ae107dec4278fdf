import { type Flight, HAD_NO_HOME, packTell, WAS_STARTING } from './flight.ts'
import { HOMES, NOBODY, type World } from './world.ts'

/** A program that has run for less is said to be starting. */
const STARTING_MS = 10_000
let scratch = new Uint32Array(1_024)

/** Followers of that author who are online, ascending. */
export function audienceOf(w: World, author: number): Uint32Array {
  const { followersFrom, followers } = w.graph
  const [from, to] = [followersFrom[author] as number, followersFrom[author + 1] as number]
  if (scratch.length < to - from) scratch = new Uint32Array(2 * (to - from))
  let count = 0
  for (let i = from; i < to; i++) {
    const user = followers[i] as number
    if (w.isOnline[user] === 1) scratch[count++] = user
  }
  return scratch.slice(0, count)
}

/** Who will hear of it from whom; and notes what is so at its birth. */
export function tellsOf(w: World, flight: Flight): Float64Array {
  const { audience, carriers } = flight
  const tells = new Float64Array(HOMES * (audience.length + carriers.length))
  let count = 0
  for (let member = 0; member < audience.length + carriers.length; member++) {
    const user = (member < audience.length ? audience[member] : carriers[member - audience.length]) as number
    let hasHome = w.isStandIn[user] === 1
    for (let place = 0; place < HOMES; place++) {
      const home = w.homeOf(user, place)
      if (home === NOBODY) continue
      tells[count++] = packTell(home, member, place)
      hasHome = true
    }
    if (member >= audience.length) continue
    if (!hasHome) flight.mark(member, HAD_NO_HOME)
    if (w.now - (w.onlineSince[user] as number) < STARTING_MS) flight.mark(member, WAS_STARTING)
  }
  return tells.subarray(0, count).sort()
}

/** Draws authors by how much they write. */
export class Authors {
  readonly #cumulated: Float64Array
  readonly #w: World

  constructor(world: World) {
    this.#w = world
    this.#cumulated = world.activity.slice()
    for (let i = 1; i < this.#cumulated.length; i++) {
      this.#cumulated[i] = (this.#cumulated[i] as number) + (this.#cumulated[i - 1] as number)
    }
  }

  /** Records a day of everybody. */
  get perDay(): number {
    return this.#cumulated.at(-1) ?? 1
  }

  draw(): number {
    const sought = this.#w.random.unit() * this.perDay
    let [low, high] = [0, this.#cumulated.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#cumulated[middle] as number) <= sought) low = middle + 1
      else high = middle
    }
    return low
  }
}

import { type Flight, HAD_NO_HOME, HERE, WAS_STARTING } from './flight.ts'
import { GOAL_MS } from './parameters.ts'
import type { World } from './world.ts'

/** Why a record wasn't there in time. */
export const CAUSES = ['author-alone', 'no-seed', 'starting', 'slow', 'lost'] as const
export type Cause = (typeof CAUSES)[number]

export interface Reach {
  /** Pairs of a record and a follower of its author who was online then, and went on for five seconds. */
  readonly expected: number
  readonly records: number
  /** Shares of them: within five seconds, and before the record was looked after no longer. */
  readonly inTime: number
  readonly inWindow: number
  /** The first of these for the mean record, whether few or many wait for it. */
  readonly perRecord: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  /** Shares of all that were missing after five seconds, by cause. */
  readonly missing: Readonly<Record<Cause, number>>
}

const BIN_MS = 10
const BINS = 6_100

/** What came of the records of one phase. */
export class Tally {
  #expected = 0
  #records = 0
  #inTime = 0
  #arrived = 0
  #heard = 0
  #shares = 0
  readonly #bins = new Float64Array(BINS)
  readonly #missing = new Map<Cause, number>()

  note(world: World, flight: Flight): void {
    const [expected, inTime] = [this.#expected, this.#inTime]
    this.#records++
    for (let member = 0; member < flight.audience.length; member++) {
      const user = flight.audience[member] as number
      const isHere = flight.state(member) === HERE
      if (!isHere && !stayed(world, user, flight.bornAt)) continue
      this.#expected++
      const delay = isHere ? (flight.delays[member] as number) : Number.POSITIVE_INFINITY
      if (isHere) {
        this.#arrived++
        const bin = Math.min(BINS - 1, Math.floor(delay / BIN_MS))
        this.#bins[bin] = (this.#bins[bin] as number) + 1
      }
      if (delay <= GOAL_MS) this.#inTime++
      else this.#blame(causeOf(flight, member, isHere))
    }
    if (this.#expected === expected) return
    this.#heard++
    this.#shares += (this.#inTime - inTime) / (this.#expected - expected)
  }

  reach(): Reach {
    const of = (count: number) => (this.#expected === 0 ? 0 : count / this.#expected)
    return {
      expected: this.#expected,
      records: this.#records,
      inTime: of(this.#inTime),
      inWindow: of(this.#arrived),
      perRecord: this.#heard === 0 ? 0 : this.#shares / this.#heard,
      p50: this.#quantile(0.5),
      p99: this.#quantile(0.99),
      p999: this.#quantile(0.999),
      missing: Object.fromEntries(CAUSES.map((cause) => [cause, of(this.#missing.get(cause) ?? 0)])) as Record<
        Cause,
        number
      >,
    }
  }

  #blame(cause: Cause): void {
    this.#missing.set(cause, (this.#missing.get(cause) ?? 0) + 1)
  }

  /** Milliseconds, over all that was expected; Infinity where so many never came. */
  #quantile(share: number): number {
    let rest = share * this.#expected
    for (let bin = 0; bin < BINS; bin++) {
      rest -= this.#bins[bin] as number
      if (rest <= 0) return (bin + 1) * BIN_MS
    }
    return Number.POSITIVE_INFINITY
  }
}

/** The session in which it was written went on for as long as the goal. */
function stayed(world: World, user: number, bornAt: number): boolean {
  if (world.isOnline[user] === 1 && (world.onlineSince[user] as number) <= bornAt) return true
  return (world.offlineAt[user] as number) >= bornAt + GOAL_MS
}

function causeOf(flight: Flight, member: number, isHere: boolean): Cause {
  if (flight.isAuthorAlone) return 'author-alone'
  if (flight.isMarked(member, WAS_STARTING)) return 'starting'
  if (flight.isMarked(member, HAD_NO_HOME)) return 'no-seed'
  return isHere ? 'slow' : 'lost'
}

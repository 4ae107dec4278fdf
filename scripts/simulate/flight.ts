/** States of one member of a record's audience. */
export const WAITING = 0
export const COMING = 1
export const HERE = 2

/** What was so when the record was written, beside the state. */
export const WAS_STARTING = 4
export const HAD_NO_HOME = 8
const STATE = 3

/** A record on its way, and who was online and follows its author when it was written. */
export class Flight {
  readonly id: number
  readonly author: number
  readonly bornAt: number
  readonly shard: number
  readonly bytes: number
  /** Of the run's phases: before a takedown, just after it, later. */
  readonly phase: number
  /** Users, ascending. */
  readonly audience: Uint32Array
  readonly delays: Float32Array
  readonly #states: Uint8Array
  /** Milliseconds after birth at which each seed had it; NaN while it hasn't. */
  readonly #seedAt: Float32Array
  readonly #otherAt = new Map<number, number>()
  /** How many nodes have it. */
  holders = 0
  /** Who is told by which node: `node × 2^28 + member × 4 + place`, ascending. Members beyond the audience carry. */
  tells: Float64Array = new Float64Array()
  carriers: readonly number[] = []
  /** Nodes that carry it for others when it reaches them; null while nobody needs that. */
  wants: Set<number> | null = null
  /** Seeds that have not looked at a copy: their library remembers it as seen, and passes every further one over. */
  readonly deaf = new Set<number>()
  /** Members that the quick way has left out. */
  late: number[] = []
  isAuthorAlone = false

  constructor(init: {
    readonly id: number
    readonly author: number
    readonly bornAt: number
    readonly shard: number
    readonly bytes: number
    readonly phase: number
    readonly audience: Uint32Array
    readonly seeds: number
  }) {
    this.id = init.id
    this.author = init.author
    this.bornAt = init.bornAt
    this.shard = init.shard
    this.bytes = init.bytes
    this.phase = init.phase
    this.audience = init.audience
    this.delays = new Float32Array(init.audience.length)
    this.#states = new Uint8Array(init.audience.length)
    this.#seedAt = new Float32Array(init.seeds).fill(Number.NaN)
  }

  hasSeen(node: number): boolean {
    return !Number.isNaN(this.seenAt(node))
  }

  /** NaN while that node hasn't got it. */
  seenAt(node: number): number {
    const after = node < this.#seedAt.length ? (this.#seedAt[node] as number) : (this.#otherAt.get(node) ?? Number.NaN)
    return this.bornAt + after
  }

  noteSeen(node: number, at: number): void {
    if (!this.hasSeen(node)) this.holders++
    if (node < this.#seedAt.length) this.#seedAt[node] = at - this.bornAt
    else this.#otherAt.set(node, at - this.bornAt)
  }

  state(member: number): number {
    return (this.#states[member] as number) & STATE
  }

  setState(member: number, state: number): void {
    this.#states[member] = ((this.#states[member] as number) & ~STATE) | state
  }

  mark(member: number, mark: number): void {
    this.#states[member] = (this.#states[member] as number) | mark
  }

  isMarked(member: number, mark: number): boolean {
    return ((this.#states[member] as number) & mark) !== 0
  }

  /** Place of a user in the audience, −1 for somebody else. */
  memberOf(user: number): number {
    let [low, high] = [0, this.audience.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.audience[middle] as number
      if (found === user) return middle
      if (found < user) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

const MEMBERS = 2 ** 28

export function packTell(node: number, member: number, place: number): number {
  return node * MEMBERS + member * 4 + place
}

/** Visits what this node tells: member and place. */
export function forTells(tells: Float64Array, node: number, visit: (member: number, place: number) => void): void {
  let [low, high] = [0, tells.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((tells[middle] as number) < node * MEMBERS) low = middle + 1
    else high = middle
  }
  for (let i = low; i < tells.length; i++) {
    const rest = (tells[i] as number) - node * MEMBERS
    if (rest >= MEMBERS) return
    visit(Math.floor(rest / 4), rest % 4)
  }
}

/** Something that waits for its turn. */
export interface FairEntry {
  /** Who brings it: all of these get the same share. */
  readonly lane: string
  /** Whose it is: within a lane these take turns. What a lane says of that is its own business and hurts nobody else. */
  readonly part: string
  /** What it takes, in any unit that all entries share. */
  readonly cost: number
}

interface Lane<T> {
  /** By part, each in the order of coming; the part whose turn it is comes first. */
  readonly parts: Map<string, T[]>
  size: number
  cost: number
  /** How far it has come, in cost: the lane that is furthest back goes next. */
  at: number
}

/** Lanes in which nothing waits and that had more than others: of so many it is remembered. */
const MAX_AHEAD = 256

/**
 * A bounded queue in which nobody starves: lanes get equal shares by cost, however much waits in one of them. When it is
 * full, the lane in which most waits loses the oldest of its largest part: whoever floods loses their own.
 */
export class FairQueue<T extends FairEntry> {
  readonly #maxEntries: number
  readonly #maxCost: number
  readonly #lanes = new Map<string, Lane<T>>()
  #size = 0
  #cost = 0
  /** Where the lane stood that had its turn last: whoever comes anew starts there. */
  #now = 0
  /** How far those had come that went beyond `#now` and have nothing left: coming back doesn't put them first again. */
  readonly #ahead = new Map<string, number>()

  constructor(init: { readonly maxEntries: number; readonly maxCost: number }) {
    this.#maxEntries = init.maxEntries
    this.#maxCost = init.maxCost
  }

  get size(): number {
    return this.#size
  }

  get cost(): number {
    return this.#cost
  }

  /** Answers what had to go for it, which may be itself. */
  add(entry: T): readonly T[] {
    const lane = this.#lanes.get(entry.lane) ?? this.#open(entry.lane)
    const part = lane.parts.get(entry.part)
    if (part === undefined) lane.parts.set(entry.part, [entry])
    else part.push(entry)
    this.#resize(lane, 1, entry.cost)
    const gone: T[] = []
    while (this.#size > this.#maxEntries || this.#cost > this.#maxCost) gone.push(this.#evict())
    return gone
  }

  /** The next one, undefined when nothing waits. */
  take(): T | undefined {
    let next: [string, Lane<T>] | undefined
    for (const named of this.#lanes) if (next === undefined || named[1].at < next[1].at) next = named
    if (next === undefined) return undefined
    const [, lane] = next
    const [part, entries] = lane.parts.entries().next().value as [string, T[]]
    const entry = entries[0] as T
    this.#now = Math.max(this.#now, lane.at)
    lane.at += entry.cost
    this.delete(entry)
    // The next turn is another part's.
    if (lane.parts.delete(part)) lane.parts.set(part, entries)
    return entry
  }

  /** True when it waited. */
  delete(entry: T): boolean {
    const lane = this.#lanes.get(entry.lane)
    const part = lane?.parts.get(entry.part)
    const at = part?.indexOf(entry) ?? -1
    if (lane === undefined || part === undefined || at < 0) return false
    part.splice(at, 1)
    if (part.length === 0) lane.parts.delete(entry.part)
    if (lane.parts.size === 0) this.#close(entry.lane, lane)
    this.#resize(lane, -1, -entry.cost)
    return true
  }

  #open(name: string): Lane<T> {
    const at = Math.max(this.#now, this.#ahead.get(name) ?? 0)
    this.#ahead.delete(name)
    const lane = { parts: new Map<string, T[]>(), size: 0, cost: 0, at }
    this.#lanes.set(name, lane)
    return lane
  }

  #close(name: string, { at }: Lane<T>): void {
    this.#lanes.delete(name)
    this.#ahead.set(name, at)
    if (this.#lanes.size === 0) this.#ahead.clear()
    for (const [first, itsAt] of this.#ahead) {
      if (itsAt > this.#now && this.#ahead.size <= MAX_AHEAD) break
      this.#ahead.delete(first)
      // Whoever is forgotten, and whoever comes anew, starts no earlier: an endless row of new lanes keeps nobody waiting.
      this.#now = Math.max(this.#now, itsAt)
    }
  }

  #evict(): T {
    const isTooMany = this.#size > this.#maxEntries
    const measure = isTooMany ? (lane: Lane<T>) => lane.size : (lane: Lane<T>) => lane.cost
    const lane = largest(this.#lanes.values(), measure)
    const part = largest(lane.parts.values(), (entries) => entries.length)
    const entry = part[0] as T
    this.delete(entry)
    return entry
  }

  #resize(lane: Lane<T>, size: number, cost: number): void {
    lane.size += size
    lane.cost += cost
    this.#size += size
    this.#cost += cost
  }
}

function largest<V>(values: Iterable<V>, measure: (value: V) => number): V {
  let most: V | undefined
  for (const value of values) if (most === undefined || measure(value) > measure(most)) most = value
  return most as V
}

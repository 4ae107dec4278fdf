/**
 * What a session asks for when more is lacking than it may ask for (SYN7, SYN11): as many of the newest records of one
 * log as of any other, so that nobody's last words wait for somebody else's first ones.
 */
import type { LogRanges, NeedEntry } from './frames.ts'
import { countRanges, newestOf } from './ranges.ts'

export interface SharedNeeds {
  readonly entries: readonly NeedEntry[]
  /** Records asked for. */
  readonly records: number
  /** More is lacking. */
  readonly isCut: boolean
}

export class NeedShare {
  readonly #maxRecords: number
  #entries: NeedEntry[] = []
  #records = 0
  #isCut = false

  constructor(init: { readonly maxRecords: number }) {
    this.#maxRecords = init.maxRecords
  }

  /** What is lacking of one part of an offer. */
  add(entries: readonly NeedEntry[]): void {
    this.#entries.push(...entries)
    this.#records += entries.reduce((sum, { logs }) => sum + countLogs(logs), 0)
    // A share only shrinks as logs come: what is cut off now would be in the end.
    if (this.#records > 2 * this.#maxRecords) this.#cut()
  }

  /** The share of all that was added. */
  take(): SharedNeeds {
    if (this.#records > this.#maxRecords) this.#cut()
    return { entries: this.#entries, records: this.#records, isCut: this.#isCut }
  }

  #cut(): void {
    const counts = this.#entries.flatMap(({ logs }) => logs.map(({ ranges }) => countRanges(ranges)))
    const level = levelOf(counts, this.#maxRecords)
    let spare = this.#maxRecords - counts.reduce((sum, count) => sum + Math.min(count, level), 0)
    const share = (log: LogRanges): LogRanges[] => {
      const count = countRanges(log.ranges)
      if (count <= level) return [log]
      const isLucky = spare > 0
      if (isLucky) spare--
      const ranges = newestOf(log.ranges, isLucky ? level + 1 : level)
      return ranges.length === 0 ? [] : [{ ...log, ranges }]
    }
    this.#entries = this.#entries
      .map((entry) => ({ ...entry, logs: entry.logs.flatMap(share) }))
      .filter(({ needsChain, logs }) => needsChain || logs.length > 0)
    this.#records = this.#entries.reduce((sum, { logs }) => sum + countLogs(logs), 0)
    this.#isCut = true
  }
}

/** The highest number for which taking at most so many of each comes to no more than `budget`. */
function levelOf(counts: readonly number[], budget: number): number {
  let left = budget
  const ascending = counts.toSorted((a, b) => a - b)
  for (const [i, count] of ascending.entries()) {
    const level = Math.floor(left / (ascending.length - i))
    if (count > level) return level
    left -= count
  }
  return Number.MAX_SAFE_INTEGER
}

function countLogs(logs: readonly LogRanges[]): number {
  return logs.reduce((sum, { ranges }) => sum + countRanges(ranges), 0)
}

import type { SeqRange } from '../store/log-reader.ts'
import type { NeedEntry } from '../sync/frames.ts'
import { countRanges, uniteRanges } from '../sync/ranges.ts'
import { toHex } from '../util/bytes.ts'

/** Ranges that are remembered; what is asked for beyond is counted as if nobody else were asked for it. */
const MAX_RANGES = 200_000

/** How many different records were asked for: several peers are asked for the same ones at the same time. */
export class AskedRecords {
  readonly #maxRanges: number
  /** By author and device, in hex. */
  readonly #logs = new Map<string, readonly SeqRange[]>()
  #ranges = 0
  #count = 0

  constructor(init: { readonly maxRanges?: number } = {}) {
    this.#maxRanges = init.maxRanges ?? MAX_RANGES
  }

  get count(): number {
    return this.#count
  }

  add(needs: readonly NeedEntry[]): void {
    for (const { author, logs } of needs) {
      for (const { device, ranges } of logs) this.#addLog(toHex(author) + toHex(device), ranges)
    }
  }

  #addLog(name: string, ranges: readonly SeqRange[]): void {
    const before = this.#logs.get(name) ?? []
    const after = uniteRanges(before, ranges)
    if (this.#ranges + after.length - before.length > this.#maxRanges) {
      this.#count += countRanges(ranges)
      return
    }
    this.#logs.set(name, after)
    this.#ranges += after.length - before.length
    this.#count += countRanges(after) - countRanges(before)
  }
}

/** Records that these entries ask for. */
export function countNeeded(needs: readonly NeedEntry[]): number {
  return needs.reduce((sum, { logs }) => sum + logs.reduce((part, { ranges }) => part + countRanges(ranges), 0), 0)
}

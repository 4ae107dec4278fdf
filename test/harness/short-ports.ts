import type { SeqRange } from '../../core/store/log-reader.ts'
import { subtractRanges } from '../../core/sync/ranges.ts'
import { portsOf, type SquarePorts } from './square-sync.ts'
import type { TestSquare } from './test-square.ts'

/** A peer that offers everything and doesn't send the records with these numbers. */
export function withholding(test: TestSquare, isWithheld: (seq: number) => boolean): Partial<SquarePorts> {
  const { readLog } = portsOf(test)
  return {
    readLog: async (author, device, [from, to], maxBytes) => {
      // In order, as an honest side reads on: what is withheld is passed over and not the end.
      for (let top = to; top >= from; ) {
        const read = await readLog(author, device, [from, top], maxBytes)
        const given = read.filter(({ seq }) => !isWithheld(seq))
        const lowest = read.at(-1)?.seq
        if (given.length > 0 || lowest === undefined) return given
        top = lowest - 1
      }
      return []
    },
  }
}

/** A peer that says it doesn't hold these numbers of any log. */
export function hiding(test: TestSquare, hidden: readonly SeqRange[]): Partial<SquarePorts> {
  const { listHeld, listDigests } = portsOf(test)
  return {
    listHeld: async (authors) => {
      const logs = await listHeld(authors)
      return await Promise.all(
        logs.map(async (log) => {
          const { author, device } = log
          const ranges = subtractRanges(log.ranges, hidden)
          const top = ranges.at(-1)?.[1]
          const [[tip = null] = []] = top === undefined ? [] : await listDigests([{ author, device, seqs: [top] }])
          return { ...log, ranges, tip }
        }),
      )
    },
  }
}

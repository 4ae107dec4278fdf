import type { SeqRange } from '../store/log-reader.ts'

/** What is in `ranges` and not in `without`; both ascending and disjoint, as is the answer. */
export function subtractRanges(ranges: readonly SeqRange[], without: readonly SeqRange[]): SeqRange[] {
  const left: SeqRange[] = []
  for (const [from, to] of ranges) {
    let next = from
    for (const [start, end] of without) {
      if (end < next) continue
      if (start > to) break
      if (start > next) left.push([next, start - 1])
      next = end + 1
    }
    if (next <= to) left.push([next, to])
  }
  return left
}

/** What is in both; ascending and disjoint. */
export function intersectRanges(a: readonly SeqRange[], b: readonly SeqRange[]): SeqRange[] {
  return subtractRanges(a, subtractRanges(a, b))
}

/** What is in one of them; ascending, disjoint, and never two beside each other. */
export function uniteRanges(a: readonly SeqRange[], b: readonly SeqRange[]): SeqRange[] {
  const united: [number, number][] = []
  for (const [from, to] of [...a, ...b].sort((one, other) => one[0] - other[0])) {
    const last = united.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else united.push([from, to])
  }
  return united
}

/** Numbers in all. */
export function countRanges(ranges: readonly SeqRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + (to - from + 1), 0)
}

/** The highest `count` numbers. */
export function newestOf(ranges: readonly SeqRange[], count: number): SeqRange[] {
  const newest: SeqRange[] = []
  let left = count
  for (const [from, to] of ranges.toReversed()) {
    if (left <= 0) break
    const start = Math.max(from, to - left + 1)
    newest.unshift([start, to])
    left -= to - start + 1
  }
  return newest
}

/** The numbers themselves, ascending. */
export function expandRanges(ranges: readonly SeqRange[]): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
}

import { compareBytes } from '../util/bytes.ts'

interface Place {
  readonly sortMs: number
  readonly id: Uint8Array
}

/** Reads on in a list that goes from the newest to the oldest: at most `count` items after a place, null for the start. */
export type ReadNewest<T extends Place> = (after: Place | null, count: number) => readonly T[]

/** Most lists give one item to a page, or none; the few that give many are read in larger bites. */
const FIRST_BITE = 1
const LAST_BITE = 16

interface Source<T extends Place> {
  readonly read: ReadNewest<T>
  items: readonly T[]
  at: number
  bite: number
}

/** The newest items of several lists after a place, in one order. Reads a bite of each list, and more of those it takes from. */
export function mergeNewest<T extends Place>(lists: readonly ReadNewest<T>[], after: Place | null, limit: number): T[] {
  const sources: Source<T>[] = lists.map((read) => ({ read, items: read(after, FIRST_BITE), at: 0, bite: FIRST_BITE }))
  const merged: T[] = []
  while (merged.length < limit) {
    let newest: Source<T> | undefined
    for (const source of sources) {
      const item = source.items[source.at]
      const best = newest?.items[newest.at]
      if (item !== undefined && (best === undefined || comparePlaces(item, best) > 0)) newest = source
    }
    const item = newest?.items[newest.at]
    if (newest === undefined || item === undefined) return merged
    merged.push(item)
    newest.at++
    if (newest.at < newest.items.length || newest.items.length < newest.bite) continue
    newest.bite = Math.min(LAST_BITE, 4 * newest.bite)
    newest.items = newest.read(item, newest.bite)
    newest.at = 0
  }
  return merged
}

/** Above 0 where `a` is the newer one. */
export function comparePlaces(a: Place, b: Place): number {
  return a.sortMs - b.sortMs || compareBytes(a.id, b.id)
}

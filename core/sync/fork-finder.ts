/**
 * Finds where both sides hold something of one seq and not the same (SYN7): a device that signed two histories. What is
 * asked for then are seqs that are held: those that are known to differ with a few below, and at the lower end of a
 * branch that is held in part a longer stretch, session after session, until the branches meet.
 */
import type { HeldLog, LogPlaces, LogReader, SeqDigest, SeqRange } from '../store/log-reader.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import type { ForkNotes } from './fork-memory.ts'
import type { OfferEntry, OfferedLog } from './frames.ts'
import { MARK_WINDOW, MAX_FORK_SEQS } from './limits.ts'
import { countRanges, intersectRanges, uniteRanges } from './ranges.ts'

/** Seqs that are looked up at once. */
const PAGE_SEQS = 512

export interface FoundForks {
  /** At most 64 seqs. */
  readonly ranges: readonly SeqRange[]
  /** There is more than may be asked for now. */
  readonly isCapped: boolean
}

export class ForkFinder {
  /** What is held here at the seqs that are offered, by log and seq. */
  readonly #digests: ReadonlyMap<string, Uint8Array>

  private constructor(digests: ReadonlyMap<string, Uint8Array>) {
    this.#digests = digests
  }

  /** For these entries; `here` has the logs held of their authors, by author and device in hex. */
  static async over(
    reader: LogReader,
    offer: readonly OfferEntry[],
    here: ReadonlyMap<string, HeldLog>,
  ): Promise<ForkFinder> {
    const digests = new Map<string, Uint8Array>()
    const note = ({ author, device }: Pick<LogPlaces, 'author' | 'device'>, marks: readonly SeqDigest[]) => {
      for (const { seq, digest } of marks) digests.set(keyOf(author, device, seq), digest)
    }
    for (const log of here.values()) if (log.tip !== null) note(log, [log.tip])
    const places = offer.flatMap(({ author, logs }) =>
      logs.flatMap(({ device, marks }): LogPlaces[] => {
        const tip = here.get(toHex(author) + toHex(device))?.tip?.seq ?? 0
        const seqs = marks.map(({ seq }) => seq).filter((seq) => seq < tip)
        return seqs.length === 0 ? [] : [{ author, device, seqs }]
      }),
    )
    for (const page of pagesOf(places)) {
      const found = await reader.listDigests(page)
      for (const [i, place] of page.entries()) note(place, found[i] ?? [])
    }
    return new ForkFinder(digests)
  }

  /** True when something else is held here than what the other side says of its log. */
  differs(author: Uint8Array, { device, marks }: OfferedLog): boolean {
    return marks.some((mark) => this.#differsAt(author, device, mark))
  }

  find(author: Uint8Array, offered: OfferedLog, own: HeldLog, asked: ForkNotes): FoundForks {
    const { device, marks, ranges } = offered
    const name = toHex(device)
    const wanted = [
      ...marks
        .filter((mark) => this.#differsAt(author, device, mark))
        .map(({ seq, digest }) => ({ seq, count: MARK_WINDOW, what: `${name} ${seq} ${toHex(digest)}` })),
      ...own.open.map((seq) => ({ seq, count: MAX_FORK_SEQS, what: openMark(device, seq) })),
    ]
    let found: readonly SeqRange[] = []
    for (const { seq, count, what } of wanted) {
      // What the other side holds and doesn't offer waits for a record that a seal links to (LOG8).
      if (asked.has(what) || intersectRanges([[seq, seq]], ranges).length === 0) continue
      const window = intersectRanges([[Math.max(1, seq - count + 1), seq]], ranges)
      const united = uniteRanges(found, window)
      if (countRanges(united) > MAX_FORK_SEQS) return { ranges: found, isCapped: true }
      asked.add(what)
      found = united
    }
    return { ranges: found, isCapped: false }
  }

  #differsAt(author: Uint8Array, device: Uint8Array, { seq, digest }: SeqDigest): boolean {
    const own = this.#digests.get(keyOf(author, device, seq))
    return own !== undefined && !equalBytes(own, digest)
  }
}

/** Name of the lower end of a branch, for what was asked. */
export function openMark(device: Uint8Array, seq: number): string {
  return `${toHex(device)} ${seq} open`
}

function keyOf(author: Uint8Array, device: Uint8Array, seq: number): string {
  return `${toHex(author)}${toHex(device)} ${seq}`
}

function pagesOf(places: readonly LogPlaces[]): LogPlaces[][] {
  const pages: LogPlaces[][] = []
  let size = PAGE_SEQS
  for (const place of places) {
    if (size + place.seqs.length > PAGE_SEQS) {
      pages.push([])
      size = 0
    }
    pages.at(-1)?.push(place)
    size += place.seqs.length
  }
  return pages
}

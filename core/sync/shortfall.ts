/**
 * What one session showed of the other side's word (SYN17): what it offered, was asked for and did not send, and what it
 * doesn't hold although it says that it keeps all of these authors. Facts of this session only, in what this side saw
 * itself: nobody's word about a third one is among them.
 */
import type { LogReader } from '../store/log-reader.ts'
import { toHex } from '../util/bytes.ts'
import type { BeatExchange, LackingTail } from './beat-exchange.ts'
import type { NeedEntry } from './frames.ts'
import type { Interest } from './incoming.ts'
import type { Intake } from './intake.ts'
import type { LackingLog, LogShare, Needs } from './offer.ts'
import { expandRanges, newestOf, subtractRanges } from './ranges.ts'

/** Logs that a summary names of each sort. */
export const MAX_SHORT_LOGS = 256

/** Seqs of a log that are looked at one by one, the newest. */
const MAX_LOOKED = 512

/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256

/** At most 256 logs of each sort. */
export interface Shortfall {
  /** Offered and asked for, and at the end neither sent nor here. */
  readonly owed: readonly LogShare[]
  /** The other side said that it had sent all it was asked for, or it had sent nothing at all. */
  readonly isFinal: boolean
  /** Held here and left out of the offer of a seed that wants all of this author. */
  readonly lacking: readonly LackingLog[]
  /** Of a seed that wants all of this author and holds some of the log: what a beat names above that, and isn't here. */
  readonly tails: readonly LackingTail[]
  /** Numbers that are left out below the newest of the offer, and missing here too: somebody else may have them. */
  readonly holes: readonly LogShare[]
  /** True for an author of whom the session showed what the other side holds. */
  judges(author: Uint8Array): boolean
}

export const NO_SHORTFALL: Shortfall = {
  owed: [],
  isFinal: true,
  lacking: [],
  tails: [],
  holes: [],
  judges: () => false,
}

/** What else the end of a session knows. */
export interface SessionEnd {
  readonly needs: readonly NeedEntry[]
  readonly intake: Pick<Intake, 'receivedRecords' | 'receivedOperations' | 'declined'>
  /** Authors of whom both sides hold the same. */
  readonly compared: readonly Uint8Array[]
  /** The other side says that it held nothing back. */
  readonly isComplete: boolean
}

export class ShortfallFinder {
  readonly #reader: LogReader
  readonly #beats: Pick<BeatExchange, 'listTails'>
  #interest: Interest | null = null
  readonly #lacking: LackingLog[] = []
  readonly #holes: LogShare[] = []
  #kept: ReadonlySet<string> | null = null

  constructor(components: { readonly reader: LogReader; readonly beats: Pick<BeatExchange, 'listTails'> }) {
    this.#reader = components.reader
    this.#beats = components.beats
  }

  /** What an offer leaves out; `interest` is what the other side wants, where it is a seed. */
  noteOffer({ lacking, holes }: Needs, interest: Interest | null): void {
    this.#interest = interest
    const kept = interest === null ? [] : lacking.filter(({ author }) => this.#keeps(interest, author))
    addSome(this.#lacking, kept)
    addSome(this.#holes, holes)
  }

  async sum(end: SessionEnd): Promise<Shortfall> {
    const { needs, intake, compared, isComplete } = end
    let judged: ReadonlySet<string> | null = null
    return {
      owed: await this.#listOwed(needs, intake.declined),
      isFinal: isComplete || intake.receivedRecords + intake.receivedOperations === 0,
      lacking: this.#lacking,
      tails: await this.#listTails(compared),
      holes: this.#holes,
      judges: (author) => {
        judged ??= new Set([...compared, ...needs.map((need) => need.author)].map(toHex))
        return judged.has(toHex(author))
      },
    }
  }

  async #listTails(compared: readonly Uint8Array[]): Promise<LackingTail[]> {
    const interest = this.#interest
    if (interest === null) return []
    const tails = await this.#beats.listTails(compared)
    return tails.filter(({ author }) => this.#keeps(interest, author)).slice(0, MAX_SHORT_LOGS)
  }

  async #listOwed(needs: readonly NeedEntry[], declined: Intake['declined']): Promise<LogShare[]> {
    const owed: LogShare[] = []
    const asked = needs.filter(({ logs }) => logs.length > 0)
    for (let i = 0; i < asked.length && owed.length < MAX_SHORT_LOGS; i += PAGE_AUTHORS) {
      const page = asked.slice(i, i + PAGE_AUTHORS)
      const held = await this.#reader.listHeld(page.map(({ author }) => author))
      const here = new Map(held.map(({ author, device, ranges }) => [toHex(author) + toHex(device), ranges]))
      for (const { author, logs } of page) {
        for (const { device, ranges } of logs) {
          const name = toHex(author) + toHex(device)
          const came = [...(declined.get(name) ?? [])].sort((a, b) => a - b).map((seq) => [seq, seq] as const)
          const missing = subtractRanges(subtractRanges(ranges, here.get(name) ?? []), came)
          if (missing.length === 0) continue
          const left = await this.#withoutHeld({ author, device, ranges: missing })
          if (left.ranges.length > 0) addSome(owed, [left])
        }
      }
    }
    return owed
  }

  /** A number at which others are held than the record that a seal links to is a hole and owed by nobody (LOG8). */
  async #withoutHeld(share: LogShare): Promise<LogShare> {
    const { author, device, ranges } = share
    const seqs = expandRanges(newestOf(ranges, MAX_LOOKED))
    const [found = []] = await this.#reader.listDigests([{ author, device, seqs }])
    const held = found.map(({ seq }) => [seq, seq] as const).sort((a, b) => a[0] - b[0])
    return { ...share, ranges: subtractRanges(ranges, held) }
  }

  #keeps({ everyone, keys }: Interest, author: Uint8Array): boolean {
    if (everyone) return true
    this.#kept ??= new Set(keys.map(toHex))
    return this.#kept.has(toHex(author))
  }
}

function addSome<T>(list: T[], more: readonly T[]): void {
  list.push(...more.slice(0, MAX_SHORT_LOGS - list.length))
}

/** Those of the authors of whom nothing is owed. */
export function withoutOwed(authors: readonly Uint8Array[], { owed }: Pick<Shortfall, 'owed'>): readonly Uint8Array[] {
  if (owed.length === 0) return authors
  const names = new Set(owed.map(({ author }) => toHex(author)))
  return authors.filter((author) => !names.has(toHex(author)))
}

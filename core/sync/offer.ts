/**
 * What one side says it holds, and what the other concludes that it lacks (SYN6, SYN7): pure questions to the store,
 * without the wire. Everything comes in pieces that fit a frame.
 */
import { sha256 } from '../identity/hash.ts'
import type { SignedBeat } from '../record/beat.ts'
import { MAX_SEQ } from '../record/limits.ts'
import type { HeldLog, LogReader, SeqRange } from '../store/log-reader.ts'
import { compareBytes, concatBytes, toHex } from '../util/bytes.ts'
import { ForkFinder, openMark } from './fork-finder.ts'
import type { ForkNotes } from './fork-memory.ts'
import type { LogRanges, NeedEntry, OfferEntry, OfferedLog } from './frames.ts'
import { FRAME_FILL_BYTES, MAX_MARKS, MAX_RANGES } from './limits.ts'
import { expandRanges, intersectRanges, newestOf, subtractRanges, uniteRanges } from './ranges.ts'

/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256

/** Keys per session that are looked up as device keys when no author has them. */
const MAX_ALIAS_LOOKUPS = 64

/** Logs whose beats are looked up at once. */
const PAGE_BEATS = 512

/** Records of one log that an offer may prove held, the newest. */
const MAX_OFFERED_SEQS = 10_000

/** Bytes of an entry without its logs, and of a log without its ranges and marks; a number takes at most 5. */
const ENTRY_BYTES = 84
const LOG_BYTES = 42
const RANGE_BYTES = 10
const MARK_BYTES = 14
const BEAT_BYTES = 115

/** First 8 bytes of sha256 over the sorted hashes of all operations: the same set, the same digest (SYN6). */
export function chainDigest(operations: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(...operations.map(sha256).sort(compareBytes))).subarray(0, 8)
}

/** No chain at all. */
const EMPTY_CHAIN = toHex(chainDigest([]))

/** What is held of these keys: authors, or devices of authors. Keys of which nothing is held are left out. */
export async function* offerKeys(reader: LogReader, keys: readonly Uint8Array[]): AsyncGenerator<OfferEntry[]> {
  let aliasLookups = 0
  for (let i = 0; i < keys.length; i += PAGE_AUTHORS) {
    const page = keys.slice(i, i + PAGE_AUTHORS)
    const entries = await entriesOf(reader, page, null)
    const found = new Set(entries.map(({ author }) => toHex(author)))
    for (const key of page) {
      if (found.has(toHex(key)) || aliasLookups >= MAX_ALIAS_LOOKUPS) continue
      aliasLookups++
      const author = await reader.findAuthorOfDevice(key)
      if (author !== null) entries.push(...(await entriesOf(reader, [author], key)))
    }
    if (entries.length > 0) yield entries
  }
}

async function entriesOf(
  reader: LogReader,
  authors: readonly Uint8Array[],
  alias: Uint8Array | null,
): Promise<OfferEntry[]> {
  const [held, chains] = await Promise.all([reader.listHeld(authors), reader.listOperations(authors)])
  const logs = await offeredLogs(reader, held)
  const digests = new Map(chains.map(({ author, operations }) => [toHex(author), chainDigest(operations)]))
  return authors.flatMap((author) => {
    const name = toHex(author)
    const own = logs.get(name) ?? []
    const chain = digests.get(name)
    if (chain === undefined || toHex(chain) === EMPTY_CHAIN) return []
    return [{ author, chain, alias, logs: own }]
  })
}

/** By author, in hex. */
async function offeredLogs(reader: LogReader, held: readonly HeldLog[]): Promise<Map<string, OfferedLog[]>> {
  const forked = held.filter(({ isForked }) => isForked)
  const forks = forked.length === 0 ? [] : await reader.listForks(forked)
  const forksOf = new Map(forked.map((log, i) => [log, forks[i] ?? []]))
  const beats = await beatsOf(reader, held)
  const groups = new Map<string, OfferedLog[]>()
  for (const log of held) {
    const { author, device, ranges, tip } = log
    if (ranges.length === 0) continue
    const further = (forksOf.get(log) ?? []).filter(({ seq }) => seq < (tip?.seq ?? 0))
    const marks = tip === null ? [] : [tip, ...further].slice(0, MAX_MARKS)
    const name = toHex(author)
    const logs = groups.get(name) ?? []
    logs.push({ device, ranges, marks, beat: beats.get(log) ?? null })
    groups.set(name, logs)
  }
  return groups
}

async function beatsOf(reader: LogReader, held: readonly HeldLog[]): Promise<Map<HeldLog, SignedBeat | null>> {
  const heard = held.filter(({ beat }) => beat !== null)
  const beats = new Map<HeldLog, SignedBeat | null>()
  for (let i = 0; i < heard.length; i += PAGE_BEATS) {
    const page = heard.slice(i, i + PAGE_BEATS)
    const found = await reader.listBeats(page.map(({ author, device }) => ({ author, device })))
    for (const [n, log] of page.entries()) beats.set(log, found[n] ?? null)
  }
  return beats
}

/** Part of one log. */
export interface LogShare extends LogRanges {
  readonly author: Uint8Array
}

export interface LackingLog extends LogShare {
  /** The highest seq that the other side offered of this log. */
  readonly tip: number
}

export interface Needs {
  readonly entries: readonly NeedEntry[]
  /** What is held here of the authors that were offered. */
  readonly held: readonly HeldLog[]
  /** There is more than may be asked for now. */
  readonly isCapped: boolean
  /** Of logs that are offered in part: what is held here and not offered. */
  readonly lacking: readonly LackingLog[]
  /** Numbers below the newest of an offered log that are neither offered nor held. */
  readonly holes: readonly LogShare[]
}

/**
 * What of an offer isn't here, the newest of each log; and where both sides hold something of one seq and not the same,
 * that (SYN7).
 */
export async function needsOf(reader: LogReader, offer: readonly OfferEntry[], asked: ForkNotes): Promise<Needs> {
  const entries: NeedEntry[] = []
  const all: HeldLog[] = []
  const lacking: LackingLog[] = []
  const holes: LogShare[] = []
  let isCapped = false
  for (let i = 0; i < offer.length; i += PAGE_AUTHORS) {
    const page = offer.slice(i, i + PAGE_AUTHORS)
    const authors = uniqueKeys(page.map(({ author }) => author))
    const [held, chains] = await Promise.all([reader.listHeld(authors), reader.listOperations(authors)])
    const here = new Map(held.map((log) => [toHex(log.author) + toHex(log.device), log]))
    all.push(...held)
    const digests = new Map(chains.map(({ author, operations }) => [toHex(author), toHex(chainDigest(operations))]))
    const finder = await ForkFinder.over(reader, page, here)
    for (const { author, chain, logs } of page) {
      const name = toHex(author)
      const missing: LogRanges[] = []
      for (const log of logs) {
        const { device, ranges } = log
        const own = here.get(name + toHex(device))
        const held = own?.ranges ?? []
        const released: readonly SeqRange[] = own?.releasedTo === undefined ? [] : [[1, own.releasedTo]]
        const unheld = subtractRanges(subtractRanges(ranges, held), released)
        const forks = own === undefined ? null : finder.find(author, log, own, asked)
        const wanted = forks === null ? unheld : uniteRanges(unheld, forks.ranges)
        const { surplus, gaps } = comparedRanges(ranges, held)
        if (surplus.length > 0) lacking.push({ author, device, ranges: surplus, tip: ranges.at(-1)?.[1] ?? 0 })
        const wantedGaps = subtractRanges(gaps, released)
        if (wantedGaps.length > 0) holes.push({ author, device, ranges: wantedGaps })
        if (wanted.length > MAX_RANGES || forks?.isCapped === true) isCapped = true
        if (wanted.length > 0) missing.push({ device, ranges: wanted.slice(-MAX_RANGES) })
      }
      const needsChain = (digests.get(name) ?? EMPTY_CHAIN) !== toHex(chain)
      if (needsChain || missing.length > 0) entries.push({ author, needsChain, logs: missing })
    }
  }
  return { entries, held: all, isCapped, lacking, holes }
}

/**
 * What is held here of a log and not offered, and what neither side has below the newest that is offered. Of a log in
 * many pieces a side says the newest ones only: nothing is known of what lies below them.
 */
function comparedRanges(
  offered: readonly SeqRange[],
  held: readonly SeqRange[],
): { readonly surplus: readonly SeqRange[]; readonly gaps: readonly SeqRange[] } {
  const tip = offered.at(-1)?.[1] ?? 0
  const from = offered.length < MAX_RANGES ? 1 : (offered[0]?.[0] ?? 1)
  if (tip === 0) return { surplus: [], gaps: [] }
  return {
    surplus: subtractRanges(intersectRanges(held, [[from, MAX_SEQ]]), offered),
    gaps: subtractRanges(subtractRanges([[from, tip]], offered), held),
  }
}

/** Seqs of which an offered log has the same records as are held here; none where it is another history. */
export async function offeredSeqs(reader: LogReader, entry: OfferEntry, log: OfferedLog): Promise<number[]> {
  const { author } = entry
  const own = (await reader.listHeld([author])).find(({ device }) => compareBytes(device, log.device) === 0)
  if (own === undefined) return []
  const here = new Map([[toHex(author) + toHex(log.device), own]])
  const finder = await ForkFinder.over(reader, [{ ...entry, logs: [log] }], here)
  if (finder.differs(author, log)) return []
  return expandRanges(newestOf(intersectRanges(log.ranges, own.ranges), MAX_OFFERED_SEQS))
}

/** True when of a log that something was asked for a branch goes on below that wasn't asked for yet (SYN7). */
export async function hasOpenBranch(
  reader: LogReader,
  needs: readonly NeedEntry[],
  asked: ForkNotes,
): Promise<boolean> {
  const authors = uniqueKeys(needs.filter(({ logs }) => logs.length > 0).map(({ author }) => author))
  const held = await reader.listHeld(authors.slice(0, PAGE_AUTHORS))
  return held.some(({ device, open }) => open.some((seq) => !asked.has(openMark(device, seq))))
}

type Entry<Log> = { readonly author: Uint8Array; readonly logs: readonly Log[] }
type SizedLog = LogRanges & Partial<Pick<OfferedLog, 'marks' | 'beat'>>

/** The entries in groups that fit a frame; one author's logs may be spread over several entries. */
export function packEntries<Log extends SizedLog, T extends Entry<Log>>(entries: Iterable<T & Entry<Log>>): T[][] {
  const frames: T[][] = []
  let frame: T[] = []
  let size = 0
  const open = (bytes: number) => {
    if (size + bytes > FRAME_FILL_BYTES && frame.length > 0) {
      frames.push(frame)
      frame = []
      size = 0
    }
    size += bytes
  }
  for (const entry of entries) {
    let logs: Log[] = []
    const close = () => {
      frame.push({ ...entry, logs })
      logs = []
    }
    open(ENTRY_BYTES)
    for (const log of entry.logs) {
      const beatBytes = (log.beat ?? null) === null ? 0 : BEAT_BYTES
      const bytes = LOG_BYTES + RANGE_BYTES * log.ranges.length + MARK_BYTES * (log.marks?.length ?? 0) + beatBytes
      if (size + bytes > FRAME_FILL_BYTES) {
        close()
        open(FRAME_FILL_BYTES)
        size = ENTRY_BYTES
      }
      logs.push(log)
      size += bytes
    }
    close()
  }
  if (frame.length > 0) frames.push(frame)
  return frames
}

/** Each key once. */
export function uniqueKeys(keys: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(keys.map((key) => [toHex(key), key])).values()]
}

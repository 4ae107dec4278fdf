/**
 * What one side says it holds, and what the other concludes that it lacks (SYN6, SYN7): pure questions to the store,
 * without the wire. Everything comes in pieces that fit a frame.
 */
import { sha256 } from '../identity/hash.ts'
import type { HeldLog, LogReader } from '../store/log-reader.ts'
import { compareBytes, concatBytes, toHex } from '../util/bytes.ts'
import type { LogRanges, NeedEntry, OfferEntry } from './frames.ts'
import { FRAME_FILL_BYTES } from './limits.ts'
import { countRanges, newestOf, subtractRanges } from './ranges.ts'

/** Authors that are looked up at once. */
const PAGE_AUTHORS = 256

/** Keys per session that are looked up as device keys when no author has them. */
const MAX_ALIAS_LOOKUPS = 64

/** Bytes of an entry without its logs, and of a log without its ranges; each number of a range takes at most 5. */
const ENTRY_BYTES = 84
const LOG_BYTES = 40
const RANGE_BYTES = 10

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

/** Everything held, at most `maxAuthors`. `start` lets successive sessions of a large store begin elsewhere. */
export async function* offerEverything(
  reader: LogReader,
  start: Uint8Array,
  maxAuthors: number,
): AsyncGenerator<OfferEntry[]> {
  let left = maxAuthors
  for (const isFirstPass of [true, false]) {
    let after: Uint8Array | null = isFirstPass ? start : null
    while (left > 0) {
      const page = await reader.listAuthors(after, Math.min(left, PAGE_AUTHORS))
      const authors = isFirstPass ? page : page.filter((author) => compareBytes(author, start) <= 0)
      left -= authors.length
      if (authors.length > 0) yield await entriesOf(reader, authors, null)
      after = page.at(-1) ?? null
      if (after === null || authors.length < page.length) break
    }
  }
}

async function entriesOf(
  reader: LogReader,
  authors: readonly Uint8Array[],
  alias: Uint8Array | null,
): Promise<OfferEntry[]> {
  const [held, chains] = await Promise.all([reader.listHeld(authors), reader.listOperations(authors)])
  const logs = groupLogs(held)
  const digests = new Map(chains.map(({ author, operations }) => [toHex(author), chainDigest(operations)]))
  return authors.flatMap((author) => {
    const name = toHex(author)
    const own = logs.get(name) ?? []
    const chain = digests.get(name)
    if (chain === undefined || toHex(chain) === EMPTY_CHAIN) return []
    return [{ author, chain, alias, logs: own }]
  })
}

function groupLogs(held: readonly HeldLog[]): Map<string, LogRanges[]> {
  const groups = new Map<string, LogRanges[]>()
  for (const { author, device, ranges } of held) {
    if (ranges.length === 0) continue
    const name = toHex(author)
    const logs = groups.get(name) ?? []
    logs.push({ device, ranges })
    groups.set(name, logs)
  }
  return groups
}

export interface Needs {
  readonly entries: NeedEntry[]
  /** Records asked for. */
  readonly records: number
  /** There is more than may be asked for now. */
  readonly isCapped: boolean
}

/** What of an offer isn't here, at most `maxRecords` records, the newest of each log. */
export async function needsOf(reader: LogReader, offer: readonly OfferEntry[], maxRecords: number): Promise<Needs> {
  const entries: NeedEntry[] = []
  let records = 0
  let isCapped = false
  for (let i = 0; i < offer.length; i += PAGE_AUTHORS) {
    const page = offer.slice(i, i + PAGE_AUTHORS)
    const authors = uniqueKeys(page.map(({ author }) => author))
    const [held, chains] = await Promise.all([reader.listHeld(authors), reader.listOperations(authors)])
    const here = new Map(held.map((log) => [toHex(log.author) + toHex(log.device), log.ranges]))
    const digests = new Map(chains.map(({ author, operations }) => [toHex(author), toHex(chainDigest(operations))]))
    for (const { author, chain, logs } of page) {
      const name = toHex(author)
      const missing: LogRanges[] = []
      for (const { device, ranges } of logs) {
        const own = here.get(name + toHex(device)) ?? []
        const all = subtractRanges(ranges, own)
        const asked = newestOf(all, maxRecords - records)
        const count = countRanges(asked)
        if (count < countRanges(all)) isCapped = true
        if (count === 0) continue
        records += count
        missing.push({ device, ranges: asked })
      }
      const needsChain = (digests.get(name) ?? EMPTY_CHAIN) !== toHex(chain)
      if (needsChain || missing.length > 0) entries.push({ author, needsChain, logs: missing })
    }
  }
  return { entries, records, isCapped }
}

type Entry = { readonly author: Uint8Array; readonly logs: readonly LogRanges[] }

/** The entries in groups that fit a frame; one author's logs may be spread over several entries. */
export function packEntries<T extends Entry>(entries: Iterable<T>): T[][] {
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
    let logs: LogRanges[] = []
    const close = () => {
      frame.push({ ...entry, logs })
      logs = []
    }
    open(ENTRY_BYTES)
    for (const log of entry.logs) {
      const bytes = LOG_BYTES + RANGE_BYTES * log.ranges.length
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

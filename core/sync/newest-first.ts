/**
 * In which order the records that were asked for go out (SYN8). Who follows many people at once sees who they are, then
 * what each of them said last, and only then what they said before: so a session may end at any time.
 */
import type { LogReader, SeqRange } from '../store/log-reader.ts'
import { toHex } from '../util/bytes.ts'
import { MAX_FRAME_RECORDS } from './limits.ts'
import { countRanges, intersectRanges, newestOf, subtractRanges, uniteRanges } from './ranges.ts'

/** So many of each log go before the older ones of any: what a timeline begins with, and what a profile shows at first. */
const HEADS = [4, 20] as const
/** Authors that are looked up at once. */
const PAGE_AUTHORS = 512

export interface PendingLog {
  readonly author: Uint8Array
  readonly device: Uint8Array
  /** Ascending; the last one is next. */
  readonly ranges: [number, number][]
}

/**
 * The same records in groups that go out one after the other: the profile record of each author, the newest few of
 * each log, the newest twenty, the others. What fits a frame is one group.
 */
export async function stagesOf(reader: LogReader, logs: PendingLog[]): Promise<PendingLog[][]> {
  const records = logs.reduce((sum, { ranges }) => sum + countRanges(ranges), 0)
  if (records <= MAX_FRAME_RECORDS) return [logs]
  const profiles = await listProfiles(reader, logs)
  const stages: PendingLog[][] = []
  for (const log of logs) {
    const profile = intersectRanges(log.ranges, profiles.get(keyOf(log)) ?? [])
    let sent: readonly SeqRange[] = []
    for (const [i, part] of [profile, ...HEADS.map((count) => newestOf(log.ranges, count)), log.ranges].entries()) {
      const ranges = subtractRanges(part, sent).map(([from, to]): [number, number] => [from, to])
      sent = uniteRanges(sent, part)
      const stage = stages[i] ?? []
      stages[i] = stage
      if (ranges.length > 0) stage.push({ ...log, ranges })
    }
  }
  return stages
}

/** By log: where its author's profile record stands. */
async function listProfiles(
  reader: LogReader,
  logs: readonly PendingLog[],
): Promise<Map<string, [from: number, to: number][]>> {
  const authors = [...new Map(logs.map(({ author }) => [toHex(author), author])).values()]
  const pages: Uint8Array[][] = []
  for (let i = 0; i < authors.length; i += PAGE_AUTHORS) pages.push(authors.slice(i, i + PAGE_AUTHORS))
  // Asked at once: nothing goes out before, and a store that is writing answers one page a batch.
  const places = (await Promise.all(pages.map((page) => reader.listProfilePlaces(page)))).flat()
  return new Map(places.map((place) => [keyOf(place), [[place.seq, place.seq]]]))
}

function keyOf({ author, device }: { readonly author: Uint8Array; readonly device: Uint8Array }): string {
  return toHex(author) + toHex(device)
}

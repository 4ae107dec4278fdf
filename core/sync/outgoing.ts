import type { LogReader } from '../store/log-reader.ts'
import { compareBytes } from '../util/bytes.ts'
import type { NeedEntry } from './frames.ts'
import { FRAME_FILL_BYTES, MAX_FRAME_OPERATIONS, MAX_FRAME_RECORDS } from './limits.ts'
import { type PendingLog, stagesOf } from './newest-first.ts'

export interface RecordPlace {
  readonly author: Uint8Array
  readonly device: Uint8Array
  readonly seq: number
}

/** One data frame to be: items in order, and for records where each stands. */
export interface OutgoingData {
  readonly type: 'operations' | 'records'
  readonly items: readonly Uint8Array[]
  /** For records, one for each item. */
  readonly places: readonly RecordPlace[]
}

/** Bytes of the CBOR head of one item. */
const ITEM_BYTES = 3
const PAGE_AUTHORS = 128
/** Records of one log at a time. */
const TURN_BYTES = 20 * 1024
/** Logs whose turns are read at once: the store answers all of them in the time of two. */
const LOGS_AT_ONCE = 16

/**
 * The data that the other side asked for: chains first, then records in their groups, newest first per log, the logs of
 * a group in turns (SYN8).
 * @throws the signal's reason, also while nothing of what was asked for is held.
 */
export async function* readNeeded(
  reader: LogReader,
  request: readonly NeedEntry[],
  signal: AbortSignal,
): AsyncGenerator<OutgoingData> {
  yield* readChains(reader, request, signal)
  for (const logs of await stagesOf(reader, mergeLogs(request))) yield* readRecords(reader, logs, signal)
}

async function* readChains(
  reader: LogReader,
  request: readonly NeedEntry[],
  signal: AbortSignal,
): AsyncGenerator<OutgoingData> {
  const authors = request.filter(({ needsChain }) => needsChain).map(({ author }) => author)
  let items: Uint8Array[] = []
  let size = 0
  for (let i = 0; i < authors.length; i += PAGE_AUTHORS) {
    signal.throwIfAborted()
    for (const { operations } of await reader.listOperations(authors.slice(i, i + PAGE_AUTHORS))) {
      for (const operation of operations) {
        const bytes = operation.byteLength + ITEM_BYTES
        if (items.length >= MAX_FRAME_OPERATIONS || (items.length > 0 && size + bytes > FRAME_FILL_BYTES)) {
          yield { type: 'operations', items, places: [] }
          items = []
          size = 0
        }
        items.push(operation)
        size += bytes
      }
    }
  }
  if (items.length > 0) yield { type: 'operations', items, places: [] }
}

async function* readRecords(
  reader: LogReader,
  pending: PendingLog[],
  signal: AbortSignal,
): AsyncGenerator<OutgoingData> {
  let items: Uint8Array[] = []
  let places: RecordPlace[] = []
  let size = 0
  while (pending.length > 0) {
    signal.throwIfAborted()
    const reading = pending.splice(0, LOGS_AT_ONCE).map(async (log) => {
      const range = log.ranges.pop()
      return range === undefined
        ? null
        : { log, range, read: await reader.readLog(log.author, log.device, range, TURN_BYTES) }
    })
    for (const turn of await Promise.all(reading)) {
      if (turn === null) continue
      const { log, range, read } = turn
      for (const { seq, record } of read) {
        const bytes = record.byteLength + ITEM_BYTES
        if (items.length >= MAX_FRAME_RECORDS || (items.length > 0 && size + bytes > FRAME_FILL_BYTES)) {
          yield { type: 'records', items, places }
          items = []
          places = []
          size = 0
        }
        items.push(record)
        places.push({ author: log.author, device: log.device, seq })
        size += bytes
      }
      const lowest = read.at(-1)?.seq
      if (lowest !== undefined && lowest > range[0]) log.ranges.push([range[0], lowest - 1])
      if (log.ranges.length > 0) pending.push(log)
    }
  }
  if (items.length > 0) yield { type: 'records', items, places }
}

/** A log may be spread over several entries; it becomes one, so that it goes out newest first as a whole. */
function mergeLogs(request: readonly NeedEntry[]): PendingLog[] {
  const logs: PendingLog[] = []
  for (const { author, logs: entries } of request) {
    for (const { device, ranges } of entries) {
      const last = logs.at(-1)
      const isSame =
        last !== undefined && compareBytes(last.author, author) === 0 && compareBytes(last.device, device) === 0
      const own = ranges.map(([from, to]): [number, number] => [from, to])
      if (isSame) last.ranges.push(...own)
      else logs.push({ author, device, ranges: own })
    }
  }
  return logs
}

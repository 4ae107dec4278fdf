import type { IngestedEvent } from '../ingest/door.ts'
import { decodeRecord } from '../record/decode-record.ts'
import type { LogReader } from '../store/log-reader.ts'

/** A longer batch is a catching-up: those who want it sync it themselves. */
export const MAX_RELAYED = 32
const MAX_RECORD_BYTES = 16 * 1024

/**
 * Wire bytes of what a seed has just got by sync, for gossip: the author's own message may have reached nobody, and
 * those who listen to this seed would otherwise hear of it at their next sync. What came without its text stays here:
 * one such record would keep the whole message from being passed on (GOS8).
 */
export async function relayedRecords(
  logs: Pick<LogReader, 'readLog'>,
  event: IngestedEvent,
): Promise<{ author: Uint8Array; record: Uint8Array }[]> {
  const found: { author: Uint8Array; record: Uint8Array }[] = []
  for (const { author, device, seq } of event.records) {
    for (const { record } of await logs.readLog(author, device, [seq, seq], MAX_RECORD_BYTES)) {
      const decoded = decodeRecord(record)
      if (decoded.ok && decoded.record.body !== null) found.push({ author, record })
    }
  }
  return found
}

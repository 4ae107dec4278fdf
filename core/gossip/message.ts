import { type CborValue, decodeCbor, encodeCbor, isCborArray } from '../codec/dag-cbor.ts'
import { sha256 } from '../identity/hash.ts'
import type { IngestBatch } from '../ingest/door.ts'

/** Largest message, bytes (GOS3). Checked here: the limit of the pubsub library counts a whole RPC. */
export const MAX_MESSAGE_BYTES = 48 * 1024

/** Records in one message (GOS3). */
export const MAX_MESSAGE_RECORDS = 64

/** Identity operations in one message (GOS3). */
export const MAX_MESSAGE_OPERATIONS = 64

/** Bytes of a message id (GOS4). */
export const MESSAGE_ID_BYTES = 20

/** DAG-CBOR `[[operation …], [record …]]`, all byte strings; at least one of either (GOS3). */
export function encodeMessage(batch: IngestBatch): Uint8Array {
  return encodeCbor([[...batch.operations], [...batch.records]])
}

/** The batch, or null for bytes that are no message (GOS3): too large, not canonical, of another shape, empty. */
export function decodeMessage(data: Uint8Array): IngestBatch | null {
  if (data.byteLength > MAX_MESSAGE_BYTES) return null
  let value: CborValue
  try {
    value = decodeCbor(data)
  } catch {
    return null
  }
  if (!isCborArray(value) || value.length !== 2) return null
  const operations = readByteStrings(value[0], MAX_MESSAGE_OPERATIONS)
  const records = readByteStrings(value[1], MAX_MESSAGE_RECORDS)
  if (operations === null || records === null || operations.length + records.length === 0) return null
  return { operations, records }
}

/**
 * First 20 bytes of sha256 of all data, never of a part of it (GOS4): caches of seen messages are filled before the
 * validation, so an id that a copy with other bytes could share would let it suppress the good one.
 */
export function messageId(data: Uint8Array): Uint8Array {
  return sha256(data).subarray(0, MESSAGE_ID_BYTES)
}

function readByteStrings(value: CborValue | undefined, maxItems: number): Uint8Array[] | null {
  if (!isCborArray(value) || value.length > maxItems) return null
  const items: Uint8Array[] = []
  for (const item of value) {
    if (!(item instanceof Uint8Array)) return null
    items.push(item)
  }
  return items
}

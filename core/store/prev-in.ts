import { decodeCbor } from '../codec/dag-cbor.ts'
import { readHeader } from '../record/decode-record.ts'

/** Id of the record before it; null for the first, and for a header that can't be read. */
export function prevIn(header: Uint8Array): Uint8Array | null {
  return readHeader(decodeCbor(header))?.prev ?? null
}

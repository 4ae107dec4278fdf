import { hash } from 'node:crypto'
import { signingInput } from '../identity/domains.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { type DecodedRecord, decodeRecord } from '../record/decode-record.ts'
import { encodeRecord } from '../record/encode-record.ts'
import type { SignedRecord } from '../record/envelope.ts'
import { isWholeHeader, wholeHeader } from '../store/stored-header.ts'

export interface ProvenRecord {
  readonly record: SignedRecord
  /** The header is what its device has signed, and the body isn't. Then `record` has none. */
  readonly isBodyDamaged: boolean
}

/**
 * The record in a row with columns header, signature, body and delete_id of any type, proven by its own hashes and
 * signature; null where header or signature are damaged. Where the header isn't whole, the columns author, device, kind,
 * seq and ts_ms say the rest, and a damaged body or column damages it.
 */
export function proveStored(
  row: Readonly<Record<string, unknown>>,
  verifier: SignatureVerifier,
  domain: string,
): ProvenRecord | null {
  const { signature, body, delete_id: deleteId } = row
  const header = headerIn(row)
  if (header === null || !(signature instanceof Uint8Array)) return null
  const absence = deleteId instanceof Uint8Array ? ({ reason: 'deleted', deleteId } as const) : null
  const decode = (bytes: Uint8Array | null): DecodedRecord =>
    decodeRecord(encodeRecord({ headerBytes: header, signature, body: bytes, absence }), nativeSha256)
  const isBodyOdd = body !== null && !(body instanceof Uint8Array)
  const whole = isBodyOdd ? null : decode(body)
  const decoded = whole?.ok === true ? whole : decode(null)
  if (!decoded.ok) return null
  const { record } = decoded
  const fault = verifier.verify(record.header.device, signingInput('record', header, domain), signature)
  return fault === null ? { record, isBodyDamaged: whole?.ok !== true } : null
}

function headerIn({ header, body, author, device, kind, seq, ts_ms: tsMs }: Readonly<Record<string, unknown>>) {
  if (!(header instanceof Uint8Array)) return null
  if (isWholeHeader(header)) return header
  if (!(author instanceof Uint8Array) || !(device instanceof Uint8Array) || !(body instanceof Uint8Array)) return null
  return wholeHeader(header, { kind: Number(kind), author, device, seq: Number(seq), tsMs: Number(tsMs) }, body)
}

function nativeSha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

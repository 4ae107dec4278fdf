import { hash } from 'node:crypto'
import { signingInput } from '../identity/domains.ts'
import type { SignatureVerifier } from '../identity/signature.ts'
import { type DecodedRecord, decodeRecord } from '../record/decode-record.ts'
import { encodeRecord } from '../record/encode-record.ts'
import type { SignedRecord } from '../record/envelope.ts'

export interface ProvenRecord {
  readonly record: SignedRecord
  /** The header is what its device has signed, and the body isn't. Then `record` has none. */
  readonly isBodyDamaged: boolean
}

/** The record in a row with columns header, signature, body and delete_id of any type, proven by its own hashes and signature; null where header or signature are damaged. */
export function proveStored(
  row: Readonly<Record<string, unknown>>,
  verifier: SignatureVerifier,
  domain: string,
): ProvenRecord | null {
  const { header, signature, body, delete_id: deleteId } = row
  if (!(header instanceof Uint8Array) || !(signature instanceof Uint8Array)) return null
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

function nativeSha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

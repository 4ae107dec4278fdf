/** One line in, one JSON-able object out: what `palabre verify` prints. Malformed lines get a verdict too. */
import { formatRecordId } from '../codec/cid.ts'
import type { SignatureReason, SignatureVerifier } from '../identity/signature.ts'
import { fromHex } from '../util/bytes.ts'
import { checkRecord } from './check-record.ts'
import type { RejectReason, UnreadableReason } from './verdict.ts'

export type RecordLineVerdict =
  | { readonly verdict: 'accept'; readonly id: string }
  | { readonly verdict: 'unreadable'; readonly id: string; readonly reason: UnreadableReason }
  | { readonly verdict: 'reject'; readonly reason: RejectReason }

export type SignatureLineVerdict =
  | { readonly valid: true }
  /** bad-json: the line is not a JSON object · bad-hex: a field is missing or not hex of an even length */
  | { readonly valid: false; readonly reason: SignatureReason | 'bad-json' | 'bad-hex' }

/** Judges a record on the wire, in hex: bytes and signature only, no identity, no clock. A line that is no hex holds no CBOR. */
export function verifyRecordLine(line: string, verifier: SignatureVerifier, network?: string): RecordLineVerdict {
  const bytes = fromHex(line.trim())
  if (bytes === undefined) return { verdict: 'reject', reason: 'bad-cbor' }
  const { verdict, record } = checkRecord(bytes, verifier, network)
  if (verdict.verdict === 'reject' || record === null) {
    return { verdict: 'reject', reason: verdict.verdict === 'reject' ? verdict.reason : 'bad-cbor' }
  }
  const id = formatRecordId(record.id)
  return verdict.verdict === 'accept' ? { verdict: 'accept', id } : { ...verdict, id }
}

/** Judges `{"publicKey","message","signature"}` in hex by the rule of signatures; the message as it is, no domain. */
export function verifySignatureLine(line: string, verifier: SignatureVerifier): SignatureLineVerdict {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { valid: false, reason: 'bad-json' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { valid: false, reason: 'bad-json' }
  const publicKey = hexField(value, 'publicKey')
  const message = hexField(value, 'message')
  const signature = hexField(value, 'signature')
  if (publicKey === undefined || message === undefined || signature === undefined) {
    return { valid: false, reason: 'bad-hex' }
  }
  const reason = verifier.verify(publicKey, message, signature)
  return reason === null ? { valid: true } : { valid: false, reason }
}

function hexField(value: object, key: string): Uint8Array | undefined {
  const text: unknown = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  return typeof text === 'string' ? fromHex(text) : undefined
}

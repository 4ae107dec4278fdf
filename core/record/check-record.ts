import { DEFAULT_DOMAIN, signingInput } from '../identity/domains.ts'
import type { SignatureReason, SignatureVerifier } from '../identity/signature.ts'
import { decodeRecord } from './decode-record.ts'
import { RECORD_VERSION, type SignedRecord } from './envelope.ts'
import { type DecodedBody, decodeBody } from './kinds/kind-table.ts'
import type { RejectReason, UnreadableReason, Verdict } from './verdict.ts'

export interface CheckedRecord {
  readonly verdict: Extract<Verdict, { verdict: 'accept' | 'unreadable' | 'reject' }>
  /** Null when the record is rejected. */
  readonly record: SignedRecord | null
  /** Null when rejected, unreadable or absent; kind 'unknown' for a kind or version that isn't known here. */
  readonly body: DecodedBody | null
}

/**
 * Judges bytes and signature of a record (REC7), without identity and without a clock: the same answer on every peer,
 * at any time. Never throws for bad bytes.
 */
export function checkRecord(bytes: Uint8Array, verifier: SignatureVerifier, network = DEFAULT_DOMAIN): CheckedRecord {
  const decoded = decodeRecord(bytes)
  return decoded.ok ? checkSignature(decoded.record, verifier, network) : reject(decoded.reason)
}

/** The second half of that, for a record whose structure is right. */
export function checkSignature(
  record: SignedRecord,
  verifier: SignatureVerifier,
  network = DEFAULT_DOMAIN,
): CheckedRecord {
  const input = signingInput('record', record.headerBytes, network)
  return afterSignature(record, verifier.verify(record.header.device, input, record.signature))
}

/** The rest, once the signature was judged; `fault` null for a good one. */
export function afterSignature(record: SignedRecord, fault: SignatureReason | null): CheckedRecord {
  if (fault !== null) return reject(fault)
  if (record.body === null) return { verdict: { verdict: 'accept' }, record, body: null }
  const body = readBody(record, record.body)
  if (typeof body === 'string') return { verdict: { verdict: 'unreadable', reason: body }, record, body: null }
  return { verdict: { verdict: 'accept' }, record, body }
}

/** The body of a record whose bytes were checked, or why it can't be read; a later version's is 'unknown' (REC3). */
export function readBody(record: SignedRecord, body: Uint8Array): DecodedBody | UnreadableReason {
  if (record.header.version !== RECORD_VERSION) return { kind: 'unknown', body: null }
  const decoded = decodeBody(record.header.kind, body)
  return decoded.ok ? ({ kind: decoded.kind, body: decoded.body } as DecodedBody) : decoded.reason
}

function reject(reason: RejectReason): CheckedRecord {
  return { verdict: { verdict: 'reject', reason }, record: null, body: null }
}

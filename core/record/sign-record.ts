import { DEFAULT_DOMAIN, signingInput } from '../identity/domains.ts'
import { sha256 } from '../identity/hash.ts'
import { signBytes } from '../identity/keys.ts'
import { encodeHeader } from './encode-record.ts'
import { RECORD_VERSION, type RecordHeader, type SignedRecord } from './envelope.ts'
import { MAX_BODY_BYTES, MAX_KIND, MAX_SEQ, MAX_TS_MS, MIN_TS_MS } from './limits.ts'

export interface RecordDraft {
  readonly kind: number
  /** The profile's inception key, 32 bytes. */
  readonly author: Uint8Array
  /** Public key of the device that signs, 32 bytes. */
  readonly device: Uint8Array
  /** 32-byte seed of that device. */
  readonly secretKey: Uint8Array
  readonly seq: number
  /** Id of the record with seq − 1, null exactly at seq 1. */
  readonly prev: Uint8Array | null
  /** Integer milliseconds since 1970. */
  readonly ts: number
  /** Encoded body, salt included. */
  readonly body: Uint8Array
  readonly network?: string
}

/** Ed25519 signature, 64 bytes, of a message with a 32-byte seed (RFC 8032): every right one gives the same. */
export type Sign = (secretKey: Uint8Array, message: Uint8Array) => Uint8Array

/**
 * Signs a record of version 1. What it returns passes decodeRecord.
 * @throws RangeError when a field is outside of what a header allows
 */
export function signRecord(draft: RecordDraft, sign: Sign = signBytes): SignedRecord {
  assertDraft(draft)
  const { kind, author, device, seq, prev, ts, body } = draft
  const header: RecordHeader = {
    version: RECORD_VERSION,
    kind,
    author,
    device,
    seq,
    prev,
    ts,
    bodyLength: body.length,
    bodyHash: sha256(body),
  }
  const headerBytes = encodeHeader(header)
  const input = signingInput('record', headerBytes, draft.network ?? DEFAULT_DOMAIN)
  return {
    id: sha256(headerBytes),
    header,
    headerBytes,
    signature: sign(draft.secretKey, input),
    body,
    absence: null,
  }
}

function assertDraft(draft: RecordDraft): void {
  assertInteger('kind', draft.kind, 1, MAX_KIND)
  assertInteger('seq', draft.seq, 1, MAX_SEQ)
  assertInteger('ts', draft.ts, MIN_TS_MS, MAX_TS_MS)
  assertInteger('body length', draft.body.length, 0, MAX_BODY_BYTES)
  assertKey('author', draft.author)
  assertKey('device', draft.device)
  if (draft.prev !== null) assertKey('prev', draft.prev)
  if ((draft.prev === null) !== (draft.seq === 1)) throw new RangeError('prev is null exactly when seq is 1')
}

function assertKey(name: string, key: Uint8Array): void {
  if (key.length !== 32) throw new RangeError(`${name} is ${key.length} bytes, expected 32`)
}

function assertInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} is ${value}, expected ${least} … ${most}`)
  }
}

/**
 * From wire bytes to a record taken apart. Structure only: everything that can be said without the curve and without
 * reading the body. The order in which faults are judged is part of the protocol (REC7): too-large, bad-cbor,
 * bad-header, ts-range, seq-prev, body-length, body-hash, bad-signature (a signature that isn't 64 bytes).
 */
import { type CborValue, CodecError, decodeCbor, isCborArray } from '../codec/dag-cbor.ts'
import { sha256 } from '../identity/hash.ts'
import { equalBytes } from '../util/bytes.ts'
import { type BodyAbsence, RECORD_VERSION, type RecordHeader, type SignedRecord } from './envelope.ts'
import { KIND } from './kinds/kind-table.ts'
import {
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  MAX_KIND,
  MAX_RECORD_BYTES,
  MAX_SEQ,
  MAX_TS_MS,
  MIN_TS_MS,
  SIGNATURE_BYTES,
} from './limits.ts'
import type { RejectReason } from './verdict.ts'

export type DecodedRecord =
  | { readonly ok: true; readonly record: SignedRecord }
  | { readonly ok: false; readonly reason: RejectReason }

const WIRE_LIMITS = { maxDepth: 2, maxItems: 7 }

/** Never throws for bad bytes. The record's byte fields are copies. `hash` is sha256, where there is a faster one. */
export function decodeRecord(bytes: Uint8Array, hash: (bytes: Uint8Array) => Uint8Array = sha256): DecodedRecord {
  if (bytes.length > MAX_RECORD_BYTES) return refuse('too-large')
  const wire = decodeQuietly(bytes, WIRE_LIMITS)
  const parts = readWire(wire)
  if (parts === null) return refuse('bad-cbor')
  const { headerBytes, signature, body, absence } = parts
  if (headerBytes.length > MAX_HEADER_BYTES || (body !== null && body.length > MAX_BODY_BYTES)) {
    return refuse('too-large')
  }
  const elements = decodeQuietly(headerBytes)
  if (elements === undefined) return refuse('bad-cbor')
  const header = readHeader(elements)
  if (header === null) return refuse('bad-header')
  if (header.ts < MIN_TS_MS || header.ts > MAX_TS_MS) return refuse('ts-range')
  if (header.seq < 1 || header.seq > MAX_SEQ || (header.prev === null) !== (header.seq === 1)) return refuse('seq-prev')
  if (!hasStatedLength(header, body)) return refuse('body-length')
  if (body !== null && !equalBytes(hash(body), header.bodyHash)) return refuse('body-hash')
  if (signature.length !== SIGNATURE_BYTES) return refuse('bad-signature')
  return { ok: true, record: { id: hash(headerBytes), header, headerBytes, signature, body, absence } }
}

/**
 * The header of the nine elements that keep place and meaning in every version (REC3); null when their types or
 * lengths are wrong, or when version 1 has more.
 */
export function readHeader(value: CborValue): RecordHeader | null {
  if (!isCborArray(value) || value.length < 9) return null
  const [version, kind, author, device, seq, prev, ts, bodyLength, bodyHash] = value
  if (typeof version !== 'number' || version < RECORD_VERSION) return null
  if (version === RECORD_VERSION && value.length !== 9) return null
  if (typeof kind !== 'number' || kind < 1 || kind > MAX_KIND) return null
  if (typeof seq !== 'number' || typeof ts !== 'number' || typeof bodyLength !== 'number') return null
  if (!isBytes32(author) || !isBytes32(device) || !isBytes32(bodyHash) || (prev !== null && !isBytes32(prev)))
    return null
  return { version, kind, author, device, seq, prev, ts, bodyLength, bodyHash }
}

/**
 * Whose record these bytes say they are, before anything is judged: good for sharing out turns and for nothing else.
 * Null for bytes without a header.
 */
export function claimedAuthor(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length > MAX_RECORD_BYTES) return null
  const parts = readWire(decodeQuietly(bytes, WIRE_LIMITS))
  if (parts === null || parts.headerBytes.length > MAX_HEADER_BYTES) return null
  return readHeader(decodeQuietly(parts.headerBytes) ?? null)?.author ?? null
}

interface WireParts {
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array
  readonly body: Uint8Array | null
  readonly absence: BodyAbsence | null
}

function readWire(wire: CborValue | undefined): WireParts | null {
  if (!isCborArray(wire) || wire.length < 3 || wire.length > 4) return null
  const [headerBytes, signature, body, reason] = wire
  if (!(headerBytes instanceof Uint8Array) || !(signature instanceof Uint8Array)) return null
  if (body instanceof Uint8Array) return reason === undefined ? { headerBytes, signature, body, absence: null } : null
  if (body !== null) return null
  const absence = readAbsence(reason)
  return absence === null ? null : { headerBytes, signature, body, absence }
}

function readAbsence(reason: CborValue | undefined): BodyAbsence | null {
  if (reason === undefined) return { reason: 'withheld' }
  if (!isCborArray(reason)) return null
  const [code, deleteId] = reason
  if (code === 0 && reason.length === 2 && isBytes32(deleteId)) return { reason: 'deleted', deleteId }
  if (code === 1 && reason.length === 1) return { reason: 'moderated' }
  if (code === 2 && reason.length === 1) return { reason: 'withheld' }
  return null
}

/** REC5: a body has the length that the header states; the body of a deletion is never left out. */
function hasStatedLength(header: RecordHeader, body: Uint8Array | null): boolean {
  if (header.bodyLength > MAX_BODY_BYTES) return false
  if (body === null) return header.version !== RECORD_VERSION || header.kind !== KIND.delete
  return body.length === header.bodyLength
}

function decodeQuietly(bytes: Uint8Array, limits = {}): CborValue | undefined {
  try {
    return decodeCbor(bytes, limits)
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

function isBytes32(value: CborValue | undefined): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32
}

function refuse(reason: RejectReason): DecodedRecord {
  return { ok: false, reason }
}

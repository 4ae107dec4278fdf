import { type CborValue, encodeCbor } from '../codec/dag-cbor.ts'
import type { BodyAbsence, RecordHeader, SignedRecord } from './envelope.ts'

/** The header's canonical bytes in version 1, which are hashed and signed (REC2). */
export function encodeHeader(header: RecordHeader): Uint8Array {
  return encodeCbor([
    header.version,
    header.kind,
    header.author,
    header.device,
    header.seq,
    header.prev,
    header.ts,
    header.bodyLength,
    header.bodyHash,
  ])
}

/** The record on the wire (REC1); header and body go as they came, never encoded again. */
export function encodeRecord(record: Pick<SignedRecord, 'headerBytes' | 'signature' | 'body' | 'absence'>): Uint8Array {
  const { headerBytes, signature, body, absence } = record
  if (body !== null) return encodeCbor([headerBytes, signature, body])
  return encodeCbor([headerBytes, signature, null, absenceValue(absence ?? { reason: 'withheld' })])
}

/** The same record without its body, as it is kept and sent after a deletion. */
export function withoutBody(record: SignedRecord, absence: BodyAbsence): SignedRecord {
  return { ...record, body: null, absence }
}

function absenceValue(absence: BodyAbsence): CborValue {
  switch (absence.reason) {
    case 'deleted':
      return [0, absence.deleteId]
    case 'moderated':
      return [1]
    case 'withheld':
      return [2]
  }
}

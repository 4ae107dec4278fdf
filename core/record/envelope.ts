/** First version of the record header. */
export const RECORD_VERSION = 1

/**
 * Header of a record, array of nine elements on the wire (REC1). `author` is the raw 32-byte inception key, `device`
 * the raw 32-byte key that signed; `prev` is the id of the record before it in the device's log, null exactly at seq 1.
 */
export interface RecordHeader {
  readonly version: number
  readonly kind: number
  readonly author: Uint8Array
  readonly device: Uint8Array
  /** 1 … 2^32 − 1 */
  readonly seq: number
  readonly prev: Uint8Array | null
  /** Integer milliseconds since 1970. */
  readonly ts: number
  /** Bytes of the body. */
  readonly bodyLength: number
  /** sha256 of the body bytes. */
  readonly bodyHash: Uint8Array
}

/** Why a record came without its body: what the sender says of it, proof of nothing. */
export type BodyAbsence =
  | { readonly reason: 'deleted'; readonly deleteId: Uint8Array }
  | { readonly reason: 'moderated' }
  | { readonly reason: 'withheld' }

/** A record taken apart; the byte fields are views or copies of what was signed, never re-encoded. */
export interface SignedRecord {
  /** sha256 of `headerBytes`, 32 bytes; shown as CIDv1 dag-cbor. */
  readonly id: Uint8Array
  readonly header: RecordHeader
  readonly headerBytes: Uint8Array
  /** 64 bytes over "palabre/record/1\0" ‖ headerBytes. */
  readonly signature: Uint8Array
  readonly body: Uint8Array | null
  /** Set when `body` is null. */
  readonly absence: BodyAbsence | null
}

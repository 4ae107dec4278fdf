/**
 * What a node says of bytes that claim to be a record or an identity operation (protocol.md §2, rules REC*).
 * Validity is a pure function of bytes and of the identity chain; policy is said as `hold` and `drop` and never
 * hurts the peer that delivered.
 */
export type RejectReason =
  | 'too-large'
  | 'bad-cbor'
  | 'bad-header'
  | 'bad-key'
  | 'bad-signature'
  | 'body-hash'
  | 'body-length'
  | 'ts-range'
  | 'seq-prev'
  /** Identity operations only: the bytes are fine as CBOR and break a rule of the chain (IDN*). */
  | 'bad-operation'

export type UnreadableReason =
  | 'key-order'
  | 'duplicate-key'
  | 'bad-utf8'
  | 'too-deep'
  | 'too-many-items'
  | 'bad-link'
  | 'body-schema'

export type HoldReason = 'future-timestamp' | 'unknown-identity' | 'unknown-device' | 'seq-ahead'

export type DropReason = 'not-owner' | 'quota' | 'blocked' | 'not-wanted' | 'disk-low'

export type Verdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'unreadable'; readonly reason: UnreadableReason }
  | { readonly verdict: 'hold'; readonly reason: HoldReason }
  | { readonly verdict: 'drop'; readonly reason: DropReason }
  | { readonly verdict: 'reject'; readonly reason: RejectReason }

import { ProtocolError } from '../net/errors.ts'

/** Why a session ended early; goes over the wire as the text of an Error frame (SYN13). */
export type SyncErrorCode =
  /** Bytes that are no frame: too large, not canonical, of another shape. */
  | 'bad-frame'
  /** A frame that has no place at this point, or a second session. */
  | 'unexpected-frame'
  | 'wrong-version'
  | 'wrong-network'
  /** The interest is named by a hash that this side doesn't know: it is to be said in full. */
  | 'unknown-interest'
  /** Something was said of an author that wasn't asked about. */
  | 'unexpected-author'
  /** More authors, logs, records, bytes or time than a session may take. */
  | 'budget'
  /** More data frames than the window allows. */
  | 'window'
  /** An acknowledgement of something that wasn't sent. */
  | 'bad-ack'
  /** A record or an operation that is wrong in its bytes. */
  | 'invalid-record'
  /** Nothing moved for too long. */
  | 'stalled'
  /** The other side ended before both were done. */
  | 'truncated'
  /** No slot is free, or a session with this peer is under way. */
  | 'busy'
  /** This node stops, or its store can't take anything. */
  | 'unavailable'

const CODES: ReadonlySet<string> = new Set<SyncErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'wrong-version',
  'wrong-network',
  'unknown-interest',
  'unexpected-author',
  'budget',
  'window',
  'bad-ack',
  'invalid-record',
  'stalled',
  'truncated',
  'busy',
  'unavailable',
])

export class SyncError extends ProtocolError<SyncErrorCode> {}

export function isSyncErrorCode(text: string): text is SyncErrorCode {
  return CODES.has(text)
}

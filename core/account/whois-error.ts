import { QuestionError } from '../net/errors.ts'

/** Why a question or an answer ended early; goes over the wire as the text of an Error frame (RCV6). */
export type WhoisErrorCode =
  /** Bytes that are no frame: too large, not canonical, of another shape. */
  | 'bad-frame'
  /** A frame that has no place at this point. */
  | 'unexpected-frame'
  | 'wrong-version'
  | 'wrong-network'
  /** More chains, operations or bytes than an answer may have. */
  | 'budget'
  /** A chain that doesn't name what was asked for, or operations of another address. */
  | 'unrelated'
  /** An operation that is wrong in its bytes. */
  | 'invalid-operation'
  | 'stalled'
  /** The other side ended before it was done. */
  | 'truncated'
  /** Too many questions at once, or of this peer. */
  | 'busy'
  /** This node stops, or its store can't answer. */
  | 'unavailable'

const CODES: ReadonlySet<string> = new Set<WhoisErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'wrong-version',
  'wrong-network',
  'budget',
  'unrelated',
  'invalid-operation',
  'stalled',
  'truncated',
  'busy',
  'unavailable',
])

/** What an honest peer never does. */
const FAULTS: ReadonlySet<WhoisErrorCode> = new Set<WhoisErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'budget',
  'unrelated',
  'invalid-operation',
])

export class WhoisError extends QuestionError<WhoisErrorCode> {
  protected readonly faults = FAULTS
}

export function isWhoisErrorCode(text: string): text is WhoisErrorCode {
  return CODES.has(text)
}

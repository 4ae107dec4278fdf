import { QuestionError } from '../net/errors.ts'

/** Why a stream ended early; goes over the wire as the text of an Error frame (INB5). */
export type InboxErrorCode =
  /** Bytes that are no frame: too large, not canonical, of another shape. */
  | 'bad-frame'
  /** A frame that has no place at this point. */
  | 'unexpected-frame'
  | 'wrong-version'
  | 'wrong-network'
  /** More records, operations or bytes than may come. */
  | 'budget'
  /** A record that doesn't speak to the one it is handed over for, or doesn't answer the question. */
  | 'unrelated'
  /** A record or an operation that is wrong in its bytes. */
  | 'invalid-record'
  /** Nobody's inbox of that name is here. */
  | 'not-home'
  /** An inbox is told to the devices of its person, and to nobody else. */
  | 'not-yours'
  /** Only seeds look through what they hold for others. */
  | 'not-seed'
  | 'stalled'
  /** The other side ended before it was done. */
  | 'truncated'
  /** Too much at once, or of this peer. */
  | 'busy'
  /** This node stops, or its store can't answer. */
  | 'unavailable'

const CODES: ReadonlySet<string> = new Set<InboxErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'wrong-version',
  'wrong-network',
  'budget',
  'unrelated',
  'invalid-record',
  'not-home',
  'not-yours',
  'not-seed',
  'stalled',
  'truncated',
  'busy',
  'unavailable',
])

/** What an honest peer never does. */
const FAULTS: ReadonlySet<InboxErrorCode> = new Set<InboxErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'budget',
  'unrelated',
  'invalid-record',
])

export class InboxError extends QuestionError<InboxErrorCode> {
  protected readonly faults = FAULTS
}

export function isInboxErrorCode(text: string): text is InboxErrorCode {
  return CODES.has(text)
}

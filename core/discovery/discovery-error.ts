import { QuestionError } from '../net/errors.ts'

/** Why a question or an answer ended early; goes over the wire as the text of an Error frame (DSC4). */
export type DiscoveryErrorCode =
  /** Bytes that are no frame: too large, not canonical, of another shape. */
  | 'bad-frame'
  /** A frame that has no place at this point. */
  | 'unexpected-frame'
  | 'wrong-version'
  | 'wrong-network'
  /** A card that is wrong in its bytes, or the own card of somebody else. */
  | 'bad-card'
  /** A card that wasn't asked for. */
  | 'unrelated'
  | 'stalled'
  /** The other side ended before it was done. */
  | 'truncated'
  /** Too many questions at once, or of this peer. */
  | 'busy'
  /** This node stops. */
  | 'unavailable'

const CODES: ReadonlySet<string> = new Set<DiscoveryErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'wrong-version',
  'wrong-network',
  'bad-card',
  'unrelated',
  'stalled',
  'truncated',
  'busy',
  'unavailable',
])

/** What an honest peer never does. */
const FAULTS: ReadonlySet<DiscoveryErrorCode> = new Set<DiscoveryErrorCode>([
  'bad-frame',
  'unexpected-frame',
  'bad-card',
  'unrelated',
])

export class DiscoveryError extends QuestionError<DiscoveryErrorCode> {
  protected readonly faults = FAULTS
}

export function isDiscoveryErrorCode(text: string): text is DiscoveryErrorCode {
  return CODES.has(text)
}

import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { BodyReader, presentFields, type RecordRef, recordRefValue, type WithExtras } from './body-reader.ts'

/** One state for each author and subject; the last one by (ts, id) counts. */
export interface RepostBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: RecordRef
  /** False takes the repost back. */
  readonly on: boolean
}

/** @throws BodyFault */
export function readRepost(value: CborValue): RepostBody {
  const reader = new BodyReader(value, 'repost')
  return { salt: reader.salt(), subject: reader.recordRef('subject'), on: reader.boolean('on'), ...reader.extras() }
}

export function repostValue({ salt, subject, on, extras }: RepostBody): CborMap {
  return presentFields({ ...extras, salt, subject: recordRefValue(subject), on })
}

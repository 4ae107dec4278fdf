import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { BodyReader, type PersonRef, personRefValue, presentFields, type WithExtras } from './body-reader.ts'

/** One state for each author and person; the last one by (ts, id) counts. */
export interface FollowBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: PersonRef
  /** False ends the following. */
  readonly on: boolean
}

/** @throws BodyFault */
export function readFollow(value: CborValue): FollowBody {
  const reader = new BodyReader(value, 'follow')
  return { salt: reader.salt(), subject: reader.personRef('subject'), on: reader.boolean('on'), ...reader.extras() }
}

export function followValue({ salt, subject, on, extras }: FollowBody): CborMap {
  return presentFields({ ...extras, salt, subject: personRefValue(subject), on })
}

import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { BodyReader, presentFields, type RecordRef, recordRefValue, type WithExtras } from './body-reader.ts'

/** A post that its author shows first on the profile. One state for each author and subject; the last by (ts, id) counts. */
export interface PinBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: RecordRef
  /** False puts the post back among the others. */
  readonly on: boolean
}

/** @throws BodyFault */
export function readPin(value: CborValue): PinBody {
  const reader = new BodyReader(value, 'pin')
  return { salt: reader.salt(), subject: reader.recordRef('subject'), on: reader.boolean('on'), ...reader.extras() }
}

export function pinValue({ salt, subject, on, extras }: PinBody): CborMap {
  return presentFields({ ...extras, salt, subject: recordRefValue(subject), on })
}

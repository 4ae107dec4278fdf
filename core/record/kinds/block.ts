import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { BodyReader, type PersonRef, personRefValue, presentFields, type WithExtras } from './body-reader.ts'

/** One state for each author and person; the last one by (ts, id) counts. */
export interface BlockBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: PersonRef
  /** False ends the blocking. */
  readonly on: boolean
}

/** @throws BodyFault */
export function readBlock(value: CborValue): BlockBody {
  const reader = new BodyReader(value, 'block')
  return { salt: reader.salt(), subject: reader.personRef('subject'), on: reader.boolean('on'), ...reader.extras() }
}

export function blockValue({ salt, subject, on, extras }: BlockBody): CborMap {
  return presentFields({ ...extras, salt, subject: personRefValue(subject), on })
}

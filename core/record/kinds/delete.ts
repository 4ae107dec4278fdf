import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { BodyReader, presentFields, type RecordRef, recordRefValue, type WithExtras } from './body-reader.ts'

/** Takes back a record of the same author; whose record it is, is judged where records are let in. */
export interface DeleteBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: RecordRef
}

/** @throws BodyFault */
export function readDelete(value: CborValue): DeleteBody {
  const reader = new BodyReader(value, 'delete')
  return { salt: reader.salt(), subject: reader.recordRef('subject'), ...reader.extras() }
}

export function deleteValue({ salt, subject, extras }: DeleteBody): CborMap {
  return presentFields({ ...extras, salt, subject: recordRefValue(subject) })
}

import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { LIST_ID_BYTES } from '../limits.ts'
import { BodyReader, type PersonRef, personRefValue, presentFields, type WithExtras } from './body-reader.ts'

/** One state for each author, list and person; the last one by (ts, id) counts. */
export interface ListMemberBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** 16 bytes: a list of the same author, which need not be here yet. */
  readonly list: Uint8Array
  readonly subject: PersonRef
  /** False takes the person off the list. */
  readonly on: boolean
}

/** @throws BodyFault */
export function readListMember(value: CborValue): ListMemberBody {
  const reader = new BodyReader(value, 'list member')
  return {
    salt: reader.salt(),
    list: reader.bytes('list', LIST_ID_BYTES),
    subject: reader.personRef('subject'),
    on: reader.boolean('on'),
    ...reader.extras(),
  }
}

export function listMemberValue({ salt, list, subject, on, extras }: ListMemberBody): CborMap {
  return presentFields({ ...extras, salt, list, subject: personRefValue(subject), on })
}

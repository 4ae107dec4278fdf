import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { LIST_ID_BYTES, MAX_LIST_ABOUT_BYTES, MAX_LIST_NAME_BYTES, MAX_LIST_PURPOSE_BYTES } from '../limits.ts'
import { BodyReader, presentFields, type WithExtras } from './body-reader.ts'

/** A list of people; who is on it stands in records of their own. One state for each author and list; the last by (ts, id) counts. */
export interface ListBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** 16 random bytes that the author made for this list; lists of two authors may have the same. */
  readonly list: Uint8Array
  /** 1 … 128 bytes. */
  readonly name: string
  /** 1 … 1,024 bytes. */
  readonly about?: string
  /** What the list is for, a word of 1 … 32 bytes that readers know or ignore. */
  readonly purpose: string
  /** False: the list is gone. */
  readonly on: boolean
}

/** @throws BodyFault */
export function readListBody(value: CborValue): ListBody {
  const reader = new BodyReader(value, 'list')
  return {
    salt: reader.salt(),
    list: reader.bytes('list', LIST_ID_BYTES),
    name: reader.text('name', MAX_LIST_NAME_BYTES, 1),
    ...(reader.has('about') ? { about: reader.text('about', MAX_LIST_ABOUT_BYTES, 1) } : {}),
    purpose: reader.text('purpose', MAX_LIST_PURPOSE_BYTES, 1),
    on: reader.boolean('on'),
    ...reader.extras(),
  }
}

export function listBodyValue({ salt, list, name, about, purpose, on, extras }: ListBody): CborMap {
  return presentFields({ ...extras, salt, list, name, about, purpose, on })
}

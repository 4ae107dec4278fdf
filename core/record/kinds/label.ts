import { CID } from 'multiformats/cid'
import { type CborMap, type CborValue, isCborArray } from '../../codec/dag-cbor.ts'
import { MAX_LABEL_BYTES, MAX_LABEL_NOTE_BYTES, MAX_TS_MS, MIN_TS_MS } from '../limits.ts'
import {
  BodyFault,
  BodyReader,
  type PersonRef,
  personRefValue,
  presentFields,
  type RecordRef,
  readPersonRef,
  readRecordRef,
  recordRefValue,
  type WithExtras,
} from './body-reader.ts'
import { assertMediaCid } from './media-entry.ts'

/** What a label is about. On the wire the second element tells a record (32 bytes) from a person (8). */
export type LabelSubject =
  | { readonly type: 'record'; readonly record: RecordRef }
  | { readonly type: 'person'; readonly person: PersonRef }
  | { readonly type: 'media'; readonly cid: CID }

/** A judgement on a record, a person or a medium. One state for each author, subject and label; the last by (ts, id) counts. */
export interface LabelBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  readonly subject: LabelSubject
  /** 1 … 64 bytes. */
  readonly label: string
  /** False takes the label back. */
  readonly on: boolean
  /** Until when it holds, milliseconds since 1970; without it, until it is taken back. */
  readonly until?: number
  /** Why, for people; 1 … 256 bytes. */
  readonly note?: string
}

/** @throws BodyFault */
export function readLabel(value: CborValue): LabelBody {
  const reader = new BodyReader(value, 'label')
  return {
    salt: reader.salt(),
    subject: readSubject(reader.field('subject'), reader.name('subject')),
    label: reader.text('label', MAX_LABEL_BYTES, 1),
    on: reader.boolean('on'),
    ...(reader.has('until') ? { until: reader.integer('until', MIN_TS_MS, MAX_TS_MS) } : {}),
    ...(reader.has('note') ? { note: reader.text('note', MAX_LABEL_NOTE_BYTES, 1) } : {}),
    ...reader.extras(),
  }
}

export function labelValue({ salt, subject, label, on, until, note, extras }: LabelBody): CborMap {
  return presentFields({ ...extras, salt, subject: subjectValue(subject), label, on, until, note })
}

function readSubject(value: CborValue | undefined, name: string): LabelSubject {
  if (value instanceof CID) {
    assertMediaCid(value, name)
    return { type: 'media', cid: value }
  }
  if (!isCborArray(value) || value.length !== 2) throw new BodyFault(`${name} is no record, no person and no link`)
  const [address, second] = value
  return second instanceof Uint8Array && second.length === 32
    ? { type: 'record', record: readRecordRef(value, name) }
    : { type: 'person', person: readPersonRef(address, second, name) }
}

function subjectValue(subject: LabelSubject): CborValue {
  switch (subject.type) {
    case 'record':
      return recordRefValue(subject.record)
    case 'person':
      return personRefValue(subject.person)
    case 'media':
      return subject.cid
  }
}

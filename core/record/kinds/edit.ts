import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { BodyFault, BodyReader, presentFields, type RecordRef, recordRefValue, type WithExtras } from './body-reader.ts'
import { type PostContent, postContentFields, readPostContent } from './post-content.ts'

/**
 * What a post of the same author says from now on, whole: what an edit leaves out is gone. The text is '' only with
 * media. Whose post it is, is judged where records are let in.
 */
export interface EditBody extends PostContent, WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** The post; never another edit. */
  readonly subject: RecordRef
}

/** @throws BodyFault */
export function readEdit(value: CborValue): EditBody {
  const reader = new BodyReader(value, 'edit')
  const edit: EditBody = {
    salt: reader.salt(),
    subject: reader.recordRef('subject'),
    ...readPostContent(reader),
    ...reader.extras(),
  }
  if (edit.text === '' && edit.media === undefined) throw new BodyFault('edit text is empty, and there is no media')
  return edit
}

export function editValue({ salt, subject, extras, ...content }: EditBody): CborMap {
  return presentFields({ ...extras, salt, subject: recordRefValue(subject), ...postContentFields(content) })
}

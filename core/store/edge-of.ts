import { type DecodedBody, KIND } from '../record/kinds/kind-table.ts'
import type { LabelSubject } from '../record/kinds/label.ts'
import { concatBytes, utf8 } from '../util/bytes.ts'
import type { Edge } from './edge-table.ts'
import type { RecordRow } from './record-table.ts'

const NOBODY = new Uint8Array()

/** The arrow that a record speaks of; null for kinds that are no list-shaped state. */
export function edgeOf(
  row: Pick<RecordRow, 'authorId' | 'tsMs' | 'id' | 'recordKey'>,
  decoded: DecodedBody,
): Edge | null {
  const { authorId, tsMs, id, recordKey } = row
  const word = { authorId, tsMs, id, recordKey }
  switch (decoded.kind) {
    case 'reaction': {
      const { subject, emoji } = decoded.body
      const about = { subject: subject.id, subjectAuthor: subject.author }
      return { ...word, kind: KIND.reaction, ...about, isOn: emoji !== null, value: emoji }
    }
    case 'repost':
    case 'pin': {
      const { subject, on } = decoded.body
      const about = { subject: subject.id, subjectAuthor: subject.author }
      return { ...word, kind: KIND[decoded.kind], ...about, isOn: on, value: null }
    }
    case 'follow':
    case 'block': {
      const { subject, on } = decoded.body
      const about = { subject: subject.address, subjectAuthor: subject.address }
      return { ...word, kind: KIND[decoded.kind], ...about, isOn: on, value: null }
    }
    case 'label': {
      const { subject, label, on } = decoded.body
      // One state for each subject and label.
      const { bytes, author } = labelled(subject)
      const about = { subject: concatBytes(bytes, utf8(label)), subjectAuthor: author }
      return { ...word, kind: KIND.label, ...about, isOn: on, value: label }
    }
    case 'list': {
      const { list, name, on } = decoded.body
      return { ...word, kind: KIND.list, subject: list, subjectAuthor: NOBODY, isOn: on, value: name }
    }
    case 'listMember': {
      const { list, subject, on } = decoded.body
      const about = { subject: concatBytes(list, subject.address), subjectAuthor: subject.address }
      return { ...word, kind: KIND.listMember, ...about, isOn: on, value: null }
    }
    default:
      return null
  }
}

/** Id of a record, address of a person, bytes of a CID; and whose that is. */
function labelled(subject: LabelSubject): { readonly bytes: Uint8Array; readonly author: Uint8Array } {
  switch (subject.type) {
    case 'record':
      return { bytes: subject.record.id, author: subject.record.author }
    case 'person':
      return { bytes: subject.person.address, author: subject.person.address }
    case 'media':
      return { bytes: subject.cid.bytes, author: NOBODY }
  }
}

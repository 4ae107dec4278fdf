import type { RecordHeader } from '../record/envelope.ts'
import type { DecodedBody } from '../record/kinds/kind-table.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { Admission } from './admission.ts'
import type { IngestSource } from './door.ts'

export interface WantedComponents {
  readonly admission: Pick<Admission, 'isWanted' | 'hasRoomFor'>
  readonly tables: Pick<SquareTables, 'inbox'>
}

/** Whether there is a reason to keep a record, by what it says and by the way it came. */
export function isWanted(
  { admission, tables }: WantedComponents,
  { id, header, body }: { id: Uint8Array; header: RecordHeader; body: DecodedBody | null },
  { kind }: IngestSource,
): boolean {
  // Who has a file taken in wants what is in it, whoever wrote that; the welcome pack comes when it is to be shown.
  if (kind === 'import' || kind === 'welcome' || admission.isWanted(id, header, body)) return true
  if (kind === 'asked') return admission.hasRoomFor(header.author)
  if (body === null || (kind !== 'inbox' && kind !== 'gossip')) return false
  // What is kept for people who are at home here: those near to them have room of their own.
  const taken = tables.inbox.takes(header, body)
  return taken === 'near' || (taken === 'stranger' && admission.hasRoomFor(header.author))
}

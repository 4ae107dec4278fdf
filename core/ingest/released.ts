import type { RecordHeader } from '../record/envelope.ts'
import { RANK } from '../store/rank.ts'
import { isLasting } from '../store/release-table.ts'
import type { SquareTables } from '../store/square-tables.ts'
import type { Admission } from './admission.ts'

export interface ReleasedComponents {
  readonly admission: Pick<Admission, 'isTooOld' | 'rankOf'>
  readonly tables: Pick<SquareTables, 'identities' | 'logs'>
}

/**
 * True for a record of a part of a log that made room, or would at once. To be asked in the transaction that takes it in, of
 * somebody whose chain is held: where its author is dearer by now, or a person asks for this very record, the log's mark goes.
 */
export function isReleased(
  { admission, tables }: ReleasedComponents,
  header: RecordHeader,
  isAskedFor: boolean,
): boolean {
  const { identities, logs } = tables
  const authorId = identities.findAuthor(header.author)
  if (authorId === undefined) return false
  const log = logs.find(authorId, header.device)
  if (log !== undefined && header.seq <= log.releasedSeq && !isLasting(header.kind)) {
    if (!isAskedFor && admission.rankOf(header.author) <= log.releasedRank) return true
    logs.setReleased(log.logId, 0, RANK.stranger)
  }
  if (isAskedFor || !admission.isTooOld(header)) return false
  const { logId } = logs.ensure(authorId, header.device)
  // What lies below it is older still: nobody is asked for that either.
  if (!logs.holdsBelow(logId, header.seq)) logs.setReleased(logId, header.seq, RANK.stranger)
  return true
}

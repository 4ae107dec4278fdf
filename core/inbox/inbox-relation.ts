/** Whether what came is what was asked for, or is for whom it is handed over (INB3, INB4): structure only, no signatures. */
import { sha256 } from '../identity/hash.ts'
import { decodeRecord } from '../record/decode-record.ts'
import { type DecodedBody, decodeBody } from '../record/kinds/kind-table.ts'
import { spokenTo } from '../record/spoken-to.ts'
import { tagsOf } from '../store/tags.ts'
import { equalBytes, toHex } from '../util/bytes.ts'
import { InboxError } from './inbox-error.ts'
import type { InboxPurpose } from './inbox-frames.ts'

interface Read {
  readonly id: Uint8Array
  readonly author: Uint8Array
  readonly body: DecodedBody
}

/**
 * Every record is of the subject, or an edit of one that is, or the profile of somebody who wrote one that is. What this
 * version can't read is left to the door.
 *
 * @throws InboxError `invalid-record`, `unrelated`
 */
export function checkRelated(purpose: InboxPurpose, subject: Uint8Array, records: readonly Uint8Array[]): void {
  const read = records.map(readRecord)
  const tag = purpose === 'tag' ? new TextDecoder().decode(subject) : ''
  const edits = new Map<string, string[]>()
  for (const { author, body } of read) {
    if (body.kind !== 'edit') continue
    edits.set(toHex(body.body.subject.id) + toHex(author), tagsOf(body.body))
  }
  const isDirect = ({ id, author, body }: Read): boolean => {
    if (purpose === 'put' || purpose === 'collect') {
      return spokenTo(author, body).some((address) => equalBytes(address, subject))
    }
    if (body.kind !== 'post') return false
    if (purpose === 'answers') {
      return equalBytes(id, subject) || (body.body.reply !== undefined && equalBytes(body.body.reply.root.id, subject))
    }
    return tagsOf(body.body).includes(tag) || edits.get(toHex(id) + toHex(author))?.includes(tag) === true
  }
  const direct = read.filter(isDirect)
  const writers = new Set(direct.map(({ author }) => toHex(author)))
  const posts = new Set(direct.map(({ id, author }) => toHex(id) + toHex(author)))
  for (const one of read) {
    const { author, body } = one
    if (body.kind === 'profile' && writers.has(toHex(author))) continue
    if (body.kind === 'edit' && posts.has(toHex(body.body.subject.id) + toHex(author))) continue
    if (!direct.includes(one)) throw new InboxError('unrelated', `a ${body.kind} came that nobody asked for`)
  }
}

function readRecord(bytes: Uint8Array): Read {
  const decoded = decodeRecord(bytes, sha256)
  if (!decoded.ok) throw new InboxError('invalid-record', `what came as a record is none: ${decoded.reason}`)
  const { id, header, body } = decoded.record
  if (body === null) throw new InboxError('unrelated', 'a record without its body came')
  const outcome = decodeBody(header.kind, body)
  if (!outcome.ok) throw new InboxError('unrelated', 'a record came that says nothing readable')
  return { id, author: header.author, body: outcome }
}

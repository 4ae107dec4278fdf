import { parseRecordId } from '../codec/cid.ts'
import { parsePeerId } from '../identity/peer-id.ts'
import { BadRequestError } from '../util/errors.ts'
import type { PageQuery } from './reader.ts'

const MAX_LIMIT = 500

export function boundedLimit(query: PageQuery): number {
  return Math.max(1, Math.min(MAX_LIMIT, Math.trunc(query.limit)))
}

export function parsePostId(id: string): Uint8Array {
  const bytes = parseRecordId(id)
  if (bytes === undefined) throw new BadRequestError(`expected a record id (bafyrei…), got ${id.slice(0, 80)}`)
  return bytes
}

export function parseProfile(text: string): Uint8Array {
  const address = parsePeerId(text)
  if (address === undefined)
    throw new BadRequestError(`expected a profile address (12D3Koo…), got ${text.slice(0, 80)}`)
  return address
}

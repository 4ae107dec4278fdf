import type { PageKey } from '../store/post-queries.ts'
import { BadRequestError } from '../util/errors.ts'

const TIME_BYTES = 8
const ID_BYTES = 32

/** The place where a page ended, opaque to callers: base64url of the sort time and the id. */
export function formatCursor(key: PageKey): string {
  const bytes = Buffer.alloc(TIME_BYTES + ID_BYTES)
  bytes.writeBigInt64BE(BigInt(key.sortMs))
  bytes.set(key.id, TIME_BYTES)
  return bytes.toString('base64url')
}

/** @throws BadRequestError for anything that `formatCursor` didn't make */
export function parseCursor(text: string | undefined): PageKey | null {
  if (text === undefined) return null
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== TIME_BYTES + ID_BYTES || bytes.toString('base64url') !== text) {
    throw new BadRequestError('the cursor is not one that this node gave out')
  }
  return { sortMs: Number(bytes.readBigInt64BE()), id: new Uint8Array(bytes.subarray(TIME_BYTES)) }
}

import { formatRecordId } from '../codec/cid.ts'
import type { DevicePost } from '../contract/accounts.ts'
import { decodeRecord } from '../record/decode-record.ts'
import type { SignedRecord } from '../record/envelope.ts'
import { decodeBody, KIND } from '../record/kinds/kind-table.ts'
import type { LogReader } from '../store/log-reader.ts'

const MAX_POSTS = 20
/** Numbers that are read at once, and how often: a device may have signed nothing but reactions for long. */
const WINDOW = 64
const MAX_WINDOWS = 32
const MAX_WINDOW_BYTES = 256 * 1_024
/** Characters of a post that are enough to know it by. */
const MAX_EXCERPT = 200

/** The newest posts of a device that are held here, hidden ones too, the newest first; at most 20. */
export async function readDevicePosts(
  logs: Pick<LogReader, 'readLog'>,
  place: { readonly author: Uint8Array; readonly device: Uint8Array; readonly headSeq: number },
): Promise<DevicePost[]> {
  const { author, device, headSeq } = place
  const posts: DevicePost[] = []
  let to = headSeq
  for (let round = 0; round < MAX_WINDOWS && to >= 1 && posts.length < MAX_POSTS; round++) {
    const from = Math.max(1, to - WINDOW + 1)
    const held = await logs.readLog(author, device, [from, to], MAX_WINDOW_BYTES)
    const records = held.flatMap(({ record }) => {
      const decoded = decodeRecord(record)
      return decoded.ok ? [decoded.record] : []
    })
    for (const record of records) {
      const text = textOf(record)
      if (text === null) continue
      const { seq, ts } = record.header
      const isTwice = records.filter(({ header }) => header.seq === seq).length > 1
      posts.push({ id: formatRecordId(record.id), seq, at: ts, text, isTwice })
    }
    const lowest = held.at(-1)?.seq ?? from
    to = Math.min(to, lowest) - 1
  }
  return posts.slice(0, MAX_POSTS)
}

/** Null for what is no post, or has no text here any more. */
function textOf({ header, body }: SignedRecord): string | null {
  if (header.kind !== KIND.post || body === null) return null
  const decoded = decodeBody(header.kind, body)
  if (!decoded.ok || decoded.kind !== 'post') return null
  return [...decoded.body.text].slice(0, MAX_EXCERPT).join('')
}

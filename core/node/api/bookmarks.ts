import { formatRecordId, parseRecordId } from '../../codec/cid.ts'
import { formatCursor, parseCursor } from '../../timeline/cursor.ts'
import { compareBytes, fromHex, toHex } from '../../util/bytes.ts'
import { BadRequestError } from '../../util/errors.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices, PrivateBook } from './services.ts'

const EDGE = 'bookmark'
const RECORD_ID_BYTES = 32
const MAX_IDS = 10_000

/** Bookmarks are private records: their order is that of marking, and what they show passes the one view like all else. */
export function bookmarksApi(api: ApiImplementer, services: Pick<ApiServices, 'reader' | 'privateBook'>) {
  const { reader, privateBook } = services
  return {
    list: api.bookmarks.list.handler(async ({ input }) => {
      const after = parseCursor(input.cursor)
      const marks = (await listMarks(privateBook)).filter((mark) => after === null || comparePlaces(mark, after) < 0)
      const page = marks.slice(0, input.limit)
      const ids = page.map(({ id }) => formatRecordId(id))
      const posts = await reader.posts(ids)
      const last = page.at(-1)
      return {
        items: page.map(({ sortMs }, i) => ({ id: ids[i] as string, at: sortMs, post: posts[i] ?? null })),
        cursor: last === undefined || page.length === marks.length ? null : formatCursor(last),
      }
    }),
    ids: api.bookmarks.ids.handler(async () => ({
      ids: (await listMarks(privateBook)).slice(0, MAX_IDS).map(({ id }) => formatRecordId(id)),
    })),
    add: api.bookmarks.add.handler(async ({ input }) => {
      await privateBook.put(EDGE, subjectOf(input.id), true)
      return { ok: true as const }
    }),
    remove: api.bookmarks.remove.handler(async ({ input }) => {
      await privateBook.put(EDGE, subjectOf(input.id), null)
      return { ok: true as const }
    }),
  }
}

interface Mark {
  /** When it was marked. */
  readonly sortMs: number
  readonly id: Uint8Array
}

/** The last marked first. Other programs may have marked things that aren't records. */
async function listMarks(book: PrivateBook): Promise<Mark[]> {
  const marks = (await book.list(EDGE)).flatMap(({ subject, at }) => {
    const id = fromHex(subject)
    return id?.length === RECORD_ID_BYTES ? [{ sortMs: at, id }] : []
  })
  return marks.sort((a, b) => comparePlaces(b, a))
}

function comparePlaces(a: Mark, b: Mark): number {
  return a.sortMs - b.sortMs || compareBytes(a.id, b.id)
}

function subjectOf(id: string): string {
  const bytes = parseRecordId(id)
  if (bytes === undefined) throw new BadRequestError(`expected a record id (bafyrei…), got ${id.slice(0, 80)}`)
  return toHex(bytes)
}

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { DecisionBook } from '../../../core/moderation/decision-book.ts'
import { DecisionTable } from '../../../core/store/decision-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** A square with two authors, and a second connection on which decisions are made. */
function village() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ me })
  const root = me.post('a tree to meet under')
  const reply = ben.reply(root, 'shade of the tree')
  test.ingest({ operations: [ben.genesis], records: [root, me.follow(ben), reply, ben.react(root)] })
  const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
  const book = new DecisionBook({ square, decisions: new DecisionTable(square.db), clock: new ManualClock(7) })
  const rootId = formatRecordId(root.id)
  const look = () => ({
    home: test.square.home({ limit: 9 }).items.length,
    profile: test.square.profilePosts(ben.profile, { limit: 9 }).items.length,
    search: test.square.search('tree', { limit: 9 }).items.length,
    thread: test.square.thread(rootId)?.replies.length,
    replies: test.square.post(rootId)?.counts.replies,
    post: test.square.post(formatRecordId(reply.id)) === null ? 0 : 1,
    reactions: test.square.post(rootId)?.counts.reactions,
  })
  return { ben, reply, book, look, close: () => square.close() }
}

const ALL = { home: 2, profile: 1, search: 2, thread: 1, replies: 1, post: 1, reactions: 1 }
const HIDDEN = { home: 1, profile: 0, search: 1, thread: 0, replies: 0, post: 0 }

describe('DecisionBook', () => {
  it('hides a record from every surface at once, says why, and shows it again', () => {
    const { reply, book, look, close } = village()
    expect(look()).toEqual(ALL)
    book.decide({ scope: 'record', subject: reply.id, source: 'me', effect: 'hide', reason: 'hidden by me' })
    expect(look()).toEqual({ ...HIDDEN, reactions: 1 })
    expect(book.explain('record', reply.id)).toMatchObject([{ source: 'me', reason: 'hidden by me', decidedMs: 7 }])
    expect(book.withdraw('record', reply.id, 'me')).toBe(true)
    expect(look()).toEqual(ALL)
    close()
  })

  it('hides an author with reactions and all', () => {
    const { ben, book, look, close } = village()
    book.decide({ scope: 'author', subject: ben.address, source: 'me', effect: 'drop', reason: 'blocked' })
    expect(look()).toEqual({ ...HIDDEN, reactions: 0 })
    close()
  })
})

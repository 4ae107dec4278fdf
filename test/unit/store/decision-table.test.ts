import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import { type DecisionRow, DecisionTable } from '../../../core/store/decision-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

/** A square with two authors, and a second connection on which decisions are made. */
function village() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ me })
  const root = me.post('a tree to meet under #shade')
  const reply = ben.reply(root, 'shade of the tree 天气 #shade')
  test.ingest({ operations: [ben.genesis], records: [root, me.follow(ben), reply, ben.react(root)] })
  const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
  const table = new DecisionTable(square.db)
  const decide = (decision: Omit<DecisionRow, 'decidedMs'>) => table.put({ ...decision, decidedMs: 7 })
  const rootId = formatRecordId(root.id)
  const look = () => ({
    home: test.square.home({ limit: 9 }).items.length,
    profile: test.square.profilePosts(ben.profile, { limit: 9 }).items.length,
    search: test.square.search('tree', { limit: 9 }).items.length,
    grams: test.square.search('天气', { limit: 9 }).items.length,
    tag: test.square.tag('shade', { limit: 9 }).items.length,
    thread: test.square.thread(rootId)?.replies.length,
    replies: test.square.post(rootId)?.counts.replies,
    post: test.square.post(formatRecordId(reply.id)) === null ? 0 : 1,
    reactions: test.square.post(rootId)?.counts.reactions,
  })
  return { test, ben, rootRecord: root, reply, table, decide, look, close: () => square.close() }
}

const ALL = { home: 2, profile: 1, search: 2, grams: 1, tag: 2, thread: 1, replies: 1, post: 1, reactions: 1 }
const HIDDEN = { home: 1, profile: 0, search: 1, grams: 0, tag: 1, thread: 0, replies: 0, post: 0 }

describe('DecisionTable', () => {
  it('hides a record from every surface at once, says why, and shows it again', () => {
    const { reply, table, decide, look, close } = village()
    expect(look()).toEqual(ALL)
    decide({ scope: 'record', subject: reply.id, source: 'me', effect: 'hide', reason: 'hidden by me' })
    expect(look()).toEqual({ ...HIDDEN, reactions: 1 })
    expect(table.listAbout('record', reply.id)).toMatchObject([{ source: 'me', reason: 'hidden by me', decidedMs: 7 }])
    expect(table.remove('record', reply.id, 'me')).toBe(true)
    expect(look()).toEqual(ALL)
    close()
  })

  it('hides an author with reactions and all', () => {
    const { ben, table, decide, look, close } = village()
    decide({ scope: 'author', subject: ben.address, source: 'me', effect: 'drop', reason: 'blocked' })
    expect(look()).toEqual({ ...HIDDEN, reactions: 0 })
    expect(table.remove('author', ben.address, 'me')).toBe(true)
    expect(look()).toEqual(ALL)
    close()
  })

  it('hides for as long as one of several sources says so', () => {
    const { ben, table, decide, look, close } = village()
    const about = { scope: 'author', subject: ben.address, effect: 'hide', reason: 'a list' } as const
    for (const source of ['one list', 'another']) decide({ ...about, source })
    table.remove('author', ben.address, 'one list')
    expect(look()).toEqual({ ...HIDDEN, reactions: 0 })
    decide({ ...about, source: 'another', effect: 'warn' })
    expect(look()).toEqual(ALL)
    close()
  })

  it('hides what comes from somebody who was decided about before anything of them was here', () => {
    const { test, rootRecord, table, decide, look, close } = village()
    const cleo = new TestAuthor('Cleo')
    decide({ scope: 'author', subject: cleo.address, source: 'a list', effect: 'hide', reason: 'on a list' })
    const more = cleo.reply(rootRecord, 'more shade of the tree')
    test.ingest({ operations: [cleo.genesis], records: [more, cleo.react(rootRecord), cleo.repost(rootRecord)] })
    expect(look()).toEqual(ALL)
    table.remove('author', cleo.address, 'a list')
    expect(look()).toMatchObject({ replies: 2, reactions: 2, search: 3 })
    close()
  })
})

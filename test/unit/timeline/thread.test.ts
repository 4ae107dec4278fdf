import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { Thread } from '../../../core/contract/views.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { type MadeRecord, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

const idOf = (record: MadeRecord) => formatRecordId(record.id)

/** I follow Ben, Ben follows Cleo; nobody knows Dan and Eve. */
function village() {
  const [me, ben, cleo, dan, eve] = ['Me', 'Ben', 'Cleo', 'Dan', 'Eve'].map((name) => new TestAuthor(name)) as [
    TestAuthor,
    TestAuthor,
    TestAuthor,
    TestAuthor,
    TestAuthor,
  ]
  const test = new TestSquare({ me, pins: [ben.address, cleo.address, dan.address, eve.address] })
  const others = [ben, cleo, dan, eve]
  test.ingest({ operations: others.map(({ genesis }) => genesis), records: [me.follow(ben), ben.follow(cleo)] })
  return { me, ben, cleo, dan, eve, test }
}

const said = (thread: Thread | null) => thread?.replies.map(({ depth, post }) => `${depth} ${post.text}`)

describe('the order of a thread', () => {
  it('puts the nearest first and then the oldest, and strangers last', () => {
    const { me, ben, cleo, dan, eve, test } = village()
    const root = me.post('root')
    const records = [
      dan.reply(root, 'stranger one'),
      cleo.reply(root, 'friend of a friend'),
      ben.reply(root, 'followed'),
      me.reply(root, 'own'),
      eve.reply(root, 'stranger two', { ts: root.header.ts + 60_000 }),
    ]
    test.ingest({ records: [root, ...records] })
    const thread = test.square.thread(idOf(root))
    expect(said(thread)).toEqual(['1 followed', '1 own', '1 friend of a friend', '1 stranger one', '1 stranger two'])
    expect(thread?.replies.map(({ distance, folded }) => [distance, folded])).toEqual([
      [1, false],
      [1, false],
      [2, false],
      [null, true],
      [null, true],
    ])
    expect(thread).toMatchObject({ held: 5, strangers: 2, missing: 0, cursor: null })
    expect(said(test.square.thread(idOf(root), { strangers: 'none' }))).toHaveLength(3)
    expect(said(test.square.thread(idOf(root), { strangers: 'only' }))).toEqual(['1 stranger one', '1 stranger two'])
  })

  it('keeps what somebody near answered above that answer, and folds the rest of the branch', () => {
    const { me, ben, dan, eve, test } = village()
    const root = me.post('root')
    const asked = dan.reply(root, 'a question')
    const noise = eve.reply(asked, 'noise', { root })
    const more = dan.reply(noise, 'more noise', { root })
    const answer = ben.reply(asked, 'an answer', { root })
    test.ingest({ records: [root, asked, noise, more, answer] })
    const thread = test.square.thread(idOf(root))
    expect(said(thread)).toEqual(['1 a question', '2 an answer', '1 noise', '2 more noise'])
    expect(thread?.replies.map(({ below }) => below)).toEqual([1, 0, 1, 0])
    expect(thread?.strangers).toBe(2)
  })

  it('folds nothing of whoever wrote the post, and nothing where nobody reads', () => {
    const { dan, eve, test } = village()
    const root = dan.post('root')
    test.ingest({
      records: [root, dan.reply(root, 'goes on'), eve.reply(root, 'strange', { ts: root.header.ts + 60_000 })],
    })
    expect(test.square.thread(idOf(root), { strangers: 'none' })).toMatchObject({ held: 2, strangers: 1 })
    const nobody = new TestSquare({ pins: [dan.address, eve.address] })
    nobody.ingestAll(dan, eve)
    expect(said(nobody.square.thread(idOf(root), { strangers: 'none' }))).toEqual(['1 goes on', '1 strange'])
  })

  it('goes by who follows whom now', () => {
    const { me, ben, cleo, test } = village()
    const root = me.post('root')
    test.ingest({ records: [root, cleo.reply(root, 'hello')] })
    const distance = () => test.square.thread(idOf(root))?.replies[0]?.distance
    expect(distance()).toBe(2)
    test.ingest({ records: [me.follow(cleo)] })
    expect(distance()).toBe(1)
    test.ingest({ records: [me.follow(cleo, false)] })
    expect(distance()).toBe(2)
    test.ingest({ records: [ben.follow(cleo, false)] })
    expect(distance()).toBeNull()
    test.ingest({ records: [ben.follow(cleo)] })
    expect(distance()).toBe(2)
    test.ingest({ records: [me.follow(ben, false)] })
    expect(distance()).toBeNull()
    const { db } = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    expect(db.prepare('SELECT count(*) AS n FROM near').get()?.n).toBe(0)
    db.close()
  })

  it('pages without a gap or a repeat, also while answers come in', () => {
    const { me, ben, dan, test } = village()
    const root = me.post('root')
    const first = ben.reply(root, 'reply 0')
    const answers = [first, ...Array.from({ length: 22 }, (_, i) => ben.reply(root, `reply ${i + 1}`))]
    const deep = me.reply(first, 'deep', { root })
    test.ingest({ records: [root, ...answers, deep, dan.reply(root, 'strange')] })
    const whole = said(test.square.thread(idOf(root)))
    const paged: string[] = []
    let cursor: string | undefined
    do {
      const page = test.square.thread(idOf(root), { limit: 4, cursor })
      expect(page?.held).toBe(25)
      paged.push(...(said(page) ?? []))
      if (cursor === undefined) test.ingest({ records: [me.reply(first, 'came late', { root })] })
      cursor = page?.cursor ?? undefined
      if (paged.length === 4) expect(test.square.thread(idOf(root))?.held).toBe(26)
    } while (cursor !== undefined && paged.length < 4)
    while (cursor !== undefined) {
      const page = test.square.thread(idOf(root), { limit: 4, cursor })
      paged.push(...(said(page) ?? []))
      cursor = page?.cursor ?? undefined
    }
    expect(paged).toEqual(whole)
  })

  it('leaves out what lies deeper than asked and says how much that is', () => {
    const { me, ben, test } = village()
    const root = me.post('root')
    const a = ben.reply(root, 'a')
    const b = ben.reply(a, 'b', { root })
    test.ingest({ records: [root, a, b, ben.reply(b, 'c', { root })] })
    const thread = test.square.thread(idOf(root), { depth: 1 })
    expect(said(thread)).toEqual(['1 a'])
    expect(thread).toMatchObject({ held: 3, replies: [{ below: 2 }] })
  })

  it('counts parents that are missing, and not what stands in another thread', () => {
    const { me, ben, test } = village()
    const [root, other] = [me.post('root'), me.post('another')]
    const absent = ben.reply(root, 'not here')
    const elsewhere = ben.reply(other, 'elsewhere')
    const odd = me.reply(elsewhere, 'names the wrong root', { root })
    test.ingest({ records: [root, other, elsewhere, odd, me.reply(absent, 'hangs', { root })] })
    expect(test.square.thread(idOf(root))).toMatchObject({
      held: 1,
      missing: 1,
      replies: [{ post: { text: 'hangs' } }],
    })
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../core/codec/cid.ts'
import type { NotificationFilter } from '../../../core/contract/reading.ts'
import { toNodeEvents } from '../../../core/node/ingest-events.ts'
import { KIND } from '../../../core/record/kinds/kind-table.ts'
import { DecisionTable } from '../../../core/store/decision-table.ts'
import type { NotificationKind } from '../../../core/store/notification-table.ts'
import { SquareDatabase } from '../../../core/store/square-database.ts'
import { TEST_EPOCH_MS, TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

function village() {
  const me = new TestAuthor('Me')
  const ben = new TestAuthor('Ben')
  const test = new TestSquare({ role: 'seed', me })
  const mine = me.post('under the tree')
  ben.describe({ name: 'Ben' })
  test.ingest({ operations: [ben.genesis], records: [mine, ...ben.records] })
  const list = () => test.square.notifications({ limit: 50 })
  const kinds = () => list().items.map(({ kind }) => kind)
  return { me, ben, mine, test, list, kinds }
}

const address = (author: TestAuthor) => ({ address: author.address, genesis: author.genesisHash.slice(0, 8) })

describe('notifications', () => {
  it('say who answers, mentions, quotes, reacts, reposts and follows, newest first, once for each record', () => {
    const { me, ben, mine, test, list } = village()
    const quote = { author: me.address, id: mine.id }
    const records = [
      ben.follow(me),
      ben.repost(mine),
      ben.react(mine, '🌳'),
      ben.post('see', { quote }),
      ben.post('@Me hello', { mentions: [{ start: 0, end: 3, ...address(me) }] }),
      ben.reply(mine, '@Me yes', { root: mine }),
    ]
    test.ingest({ records })
    test.ingest({ records })
    const { items, unread } = list()
    expect(items.map(({ kind }) => kind)).toEqual(['reply', 'mention', 'quote', 'reaction', 'repost', 'follow'])
    expect(items.map(({ id }) => id)).toEqual(records.map(({ id }) => formatRecordId(id)).reverse())
    expect(items[0]).toMatchObject({ from: { name: 'Ben' }, post: { text: '@Me yes' }, unread: true })
    expect(items[3]).toMatchObject({ emoji: '🌳', post: { text: 'under the tree' } })
    expect(unread).toBe(6)
    expect(test.events.flatMap(toNodeEvents)).toContainEqual({ type: 'notifications' })
  })

  it('say nothing of what I do myself, nor of what others say to others', () => {
    const { me, ben, mine, test, kinds } = village()
    const other = ben.post('elsewhere')
    test.ingest({
      records: [me.reply(mine, 'more'), me.react(mine), other, ben.reply(other, 'to myself'), ben.react(other)],
    })
    expect(kinds()).toEqual([])
    expect(test.events.flatMap(toNodeEvents)).not.toContainEqual({ type: 'notifications' })
  })

  it('leave one of what is said anew, none of what is taken back or deleted', () => {
    const { me, ben, mine, test, list, kinds } = village()
    const reply = ben.reply(mine, 'yes')
    test.ingest({ records: [ben.react(mine, '🌳'), ben.react(mine, '❤'), ben.follow(me), reply] })
    expect(list().items.map(({ kind, emoji }) => [kind, emoji])).toEqual([
      ['follow', null],
      ['reaction', '❤'],
      ['reply', null],
    ])
    test.ingest({ records: [ben.react(mine, null), ben.follow(me, false), ben.delete(reply)] })
    expect(kinds()).toEqual([])
    test.ingest({ records: [ben.react(mine)] })
    test.square.publish([{ kind: KIND.delete, body: me.delete(mine).body as Uint8Array }])
    expect(kinds()).toEqual([])
  })

  it('show nothing that a decision hides, and count nothing of it', () => {
    const { me, ben, mine, test, list } = village()
    const reply = ben.reply(mine, 'yes')
    test.ingest({ records: [ben.follow(me), ben.react(mine), reply] })
    const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    const decisions = new DecisionTable(square.db)
    const about = { source: 'me', effect: 'hide', reason: 'mine', decidedMs: 1 } as const
    decisions.put({ ...about, scope: 'record', subject: reply.id })
    expect([list().items.length, list().unread]).toEqual([2, 2])
    decisions.put({ ...about, scope: 'author', subject: ben.address })
    expect([list().items, test.square.unreadNotifications()]).toEqual([[], { count: 0, known: 0, ringing: 0 }])
    decisions.remove('author', ben.address, 'me')
    expect(list().items).toHaveLength(2)
    square.close()
  })

  it('are read up to a place, and stay so after a restart and in a square.db that is made anew', () => {
    const { me, ben, mine, test } = village()
    const records = [ben.follow(me), ben.react(mine), ben.reply(mine, 'yes')]
    test.ingest({ records })
    expect(test.square.markNotificationsRead(formatRecordId((records[1] as (typeof records)[0]).id))).toBe(1)
    expect(test.square.notifications({ limit: 9 }).items.map(({ unread }) => unread)).toEqual([true, false, false])
    test.close()
    const square = new SquareDatabase({ path: join(test.dataDir, 'square.db') })
    square.transaction(() => square.setMeta('notification-owner', null))
    square.close()
    const again = new TestSquare({ dataDir: test.dataDir, role: 'seed', me })
    expect(again.square.notifications({ limit: 9 }).items.map(({ unread }) => unread)).toEqual([true, false, false])
    expect(again.square.markNotificationsRead(null)).toBe(0)
    expect(() => again.square.markNotificationsRead('bafy')).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })

  it('page without a gap or a repeat', () => {
    const { mine, test } = village()
    const people = Array.from({ length: 7 }, (_, i) => new TestAuthor(`P${i}`))
    const records = people.map((person, i) => person.react(mine, '❤', { ts: TEST_EPOCH_MS + 60_000 + (i >> 1) }))
    test.ingest({ operations: people.map(({ genesis }) => genesis), records })
    const whole = test.square.notifications({ limit: 50 }).items.map(({ id }) => id)
    const paged: string[] = []
    let cursor: string | null | undefined
    do {
      const page = test.square.notifications({ limit: 2, cursor: cursor ?? undefined })
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.cursor
    } while (cursor !== null)
    expect(whole).toHaveLength(7)
    expect(paged).toEqual(whole)
  })

  it('are chosen by kind and by who says them, and counted apart for those who are followed', () => {
    const { me, ben, mine, test } = village()
    const eve = new TestAuthor('Eve')
    test.square.publish([{ kind: KIND.follow, body: me.follow(ben).body as Uint8Array }])
    test.ingest({
      operations: [eve.genesis],
      records: [ben.react(mine), ben.reply(mine, 'yes'), eve.reply(mine, 'no'), eve.repost(mine), eve.follow(me)],
    })
    const kinds = (choice: NotificationFilter) =>
      test.square.notifications({ limit: 50, ...choice }).items.map(({ kind }) => kind)
    expect(kinds({ from: 'known' })).toEqual(['reply', 'reaction'])
    expect(kinds({ from: 'strangers' })).toEqual(['follow', 'repost', 'reply'])
    expect(kinds({ kinds: ['reply', 'mention'] })).toEqual(['reply', 'reply'])
    expect(kinds({ kinds: ['reply', 'mention'], from: 'known' })).toEqual(['reply'])
    expect(test.square.unreadNotifications()).toEqual({ count: 5, known: 2, ringing: 5 })
    const ringing = (silentKinds: NotificationKind[], strangersRing: boolean) =>
      test.square.unreadNotifications({ silentKinds, strangersRing }).ringing
    expect([ringing([], false), ringing(['reaction'], false), ringing(['reply'], true)]).toEqual([2, 1, 3])
    expect(ringing(['reply', 'mention', 'quote', 'reaction', 'repost', 'follow'], true)).toBe(0)
    const first = test.square.notifications({ limit: 1, from: 'known' })
    expect(first.cursor).not.toBeNull()
    const second = test.square.notifications({ limit: 1, from: 'known', cursor: first.cursor ?? undefined })
    expect(second.items.map(({ kind }) => kind)).toEqual(['reaction'])
  })
})

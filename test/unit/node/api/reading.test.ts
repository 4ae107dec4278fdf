import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { formatRecordId } from '../../../../core/codec/cid.ts'
import { createRouter } from '../../../../core/node/api/router.ts'
import { silentLogger } from '../../../../core/util/logger.ts'
import { createFakeServices, FAKE_POST_ID } from '../../../harness/fake-services.ts'

/** A router whose private book lies in memory; each word is said a second after the one before. */
function open() {
  const { services, events, calls } = createFakeServices()
  const words = new Map<string, { value: unknown; at: number }>()
  let at = 0
  const privateBook = {
    list: async (edge: string) =>
      edge === 'bookmark'
        ? [...words].map(([subject, word]) => ({ subject, ...word })).filter(({ value }) => value)
        : [],
    put: async (_edge: string, subject: string, value: unknown) => {
      at += 1_000
      words.set(subject, { value, at })
    },
  }
  const posts = async (ids: readonly string[]) => {
    const held = await services.reader.post(FAKE_POST_ID)
    return ids.map((one) => (one === id(7) ? held : null))
  }
  const router = createRouter({
    services: { ...services, privateBook, reader: { ...services.reader, posts } },
    gate: { isStopping: false },
    logger: silentLogger,
  })
  return { client: createRouterClient(router, { context: { carrier: 'local' } }), events, calls, privateBook }
}

const id = (i: number) => formatRecordId(new Uint8Array(32).fill(i))

describe('bookmarks', () => {
  it('stand in the order of marking, page by page, with what may be shown of them', async () => {
    const { client, privateBook } = open()
    for (const one of [id(3), id(1), id(7), id(2)]) await client.bookmarks.add({ id: one })
    await privateBook.put('bookmark', 'ff', true)
    await client.bookmarks.remove({ id: id(1) })
    const first = await client.bookmarks.list({ limit: 2 })
    expect(first.items.map((item) => item.id)).toEqual([id(2), id(7)])
    expect(first.items[1]).toMatchObject({ at: 3_000, post: { text: 'hello' } })
    expect(first.items[0]?.post).toBeNull()
    const second = await client.bookmarks.list({ limit: 2, cursor: first.cursor })
    expect((await client.bookmarks.ids()).ids).toEqual([id(2), id(7), id(3)])
    expect(second).toEqual({ items: [{ id: id(3), at: 1_000, post: null }], cursor: null })
  })

  it('refuse what is no record', async () => {
    const { client } = open()
    await expect(client.bookmarks.add({ id: 'bafy' })).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('notifications', () => {
  it('are counted, listed and read, and all windows hear of the latter', async () => {
    const { client, events, calls } = open()
    const stream = events.subscribe()
    expect(await client.notifications.unread()).toEqual({ count: 3, known: 2, ringing: 1 })
    expect(await client.notifications.list({})).toEqual({ items: [], cursor: null, unread: 0 })
    expect(await client.notifications.markRead({ id: id(1) })).toEqual({ count: 0 })
    await client.notifications.markRead({})
    expect(calls).toEqual([
      ['markNotificationsRead', id(1)],
      ['markNotificationsRead', null],
    ])
    await stream.next()
    expect((await stream.next()).value).toEqual({ type: 'notifications' })
    await stream.return?.()
  })
})

describe('timelines of tags and lists', () => {
  it('pass on what was asked for, and refuse a list that has no id of its own', async () => {
    const { client, calls } = open()
    await client.timeline.tag({ tag: '#tree' })
    const list = '0f'.repeat(16)
    await client.timeline.list({ profile: 'somebody', list, limit: 5 })
    expect(calls).toMatchObject([
      ['tag', '#tree', { limit: 50 }],
      ['list', 'somebody', list, { limit: 5 }],
    ])
    await expect(client.timeline.list({ profile: 'somebody', list: 'ff' })).rejects.toThrow()
  })
})

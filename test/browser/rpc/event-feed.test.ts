import { QueryClient, type QueryKey } from '@tanstack/react-query'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PostView } from '../../../core/contract/views.ts'
import { createNodeQueries } from '../../../renderer/rpc/client.ts'
import { EventFeed } from '../../../renderer/rpc/event-feed.ts'
import { callerOf, createFakeNode } from '../harness/fake-node.ts'

/** A feed beside the sample node, and a cache in which nothing is looked at: nothing but the feed changes it. */
async function openFeed() {
  const node = await createFakeNode('square')
  const client = callerOf(node)
  const queries = createNodeQueries(client)
  const queryClient = new QueryClient()
  const feed = new EventFeed({ client, queries, queryClient })
  const isOpen = new Promise<void>((resolve) => {
    feed.listen(({ type }) => type === 'subscribed' && resolve())
  })
  feed.start()
  onTestFinished(() => feed.stop())
  await isOpen
  const lists = {
    home: queries.timeline.home.key({ type: 'infinite' }),
    notifications: queries.notifications.list.key({ type: 'infinite' }),
    strangers: queries.notifications.list.key({ type: 'query', input: { from: 'strangers' } }),
    search: queries.search.posts.key({ type: 'infinite' }),
    bookmarks: queries.bookmarks.list.key({ type: 'infinite' }),
  } satisfies Record<string, QueryKey>
  const put = (items: readonly unknown[]) => {
    for (const queryKey of Object.values(lists)) queryClient.setQueryData(queryKey, { pages: [{ items }] })
  }
  put([])
  /** Names of the lists that are read anew when somebody looks at them. */
  const stale = () =>
    Object.entries(lists).flatMap(([name, queryKey]) =>
      queryClient.getQueryState(queryKey)?.isInvalidated === true ? [name] : [],
    )
  return { node, put, stale }
}

describe('EventFeed', () => {
  it('reads home and the notifications anew when somebody is followed, wherever one is', async () => {
    const { node, stale } = await openFeed()
    node.controls.emit({ type: 'follows' })
    await expect.poll(stale).toEqual(['home', 'notifications', 'strangers'])
  })

  it('counts notifications anew, and leaves the lists that are being read to their pages', async () => {
    const { node, stale } = await openFeed()
    node.controls.emit({ type: 'home', count: 1, own: false })
    node.controls.emit({ type: 'notifications' })
    await expect.poll(stale).toEqual(['strangers'])
  })

  it('reads everything that shows posts anew when more changed than are read one by one', async () => {
    const { node, put, stale } = await openFeed()
    const post = (i: number) => ({ id: `post ${i}`, counts: {}, state: 'shown' }) as unknown as PostView
    put(Array.from({ length: 41 }, (_, i) => post(i)))
    node.controls.emit({ type: 'posts', ids: [], all: true })
    await expect.poll(stale).toEqual(['home', 'notifications', 'strangers', 'search', 'bookmarks'])
  })
})

import type { PostView } from '../../../core/contract/views.ts'
import type { FakeHome } from './fake-home.ts'
import type { createFakeOs } from './fake-os.ts'
import type { FakePost } from './fake-square.ts'

/** Notifications, of which there are none, and bookmarks, the last marked first and all on one page. */
export function fakeReadingRoutes(
  os: ReturnType<typeof createFakeOs>,
  home: FakeHome,
  view: (post: FakePost) => PostView,
) {
  const marks = new Map<string, number>()
  const postOf = (id: string) => {
    const post = home.square().posts.get(id)
    return post === undefined ? null : view(post)
  }
  return {
    notifications: {
      list: os.notifications.list.handler(() => ({ items: [], cursor: null, unread: 0 })),
      unread: os.notifications.unread.handler(() => ({ count: 0 })),
      markRead: os.notifications.markRead.handler(() => ({ count: 0 })),
    },
    bookmarks: {
      list: os.bookmarks.list.handler(() => ({
        items: [...marks].reverse().map(([id, at]) => ({ id, at, post: postOf(id) })),
        cursor: null,
      })),
      add: os.bookmarks.add.handler(({ input }) => {
        marks.set(input.id, home.now())
        return { ok: true as const }
      }),
      remove: os.bookmarks.remove.handler(({ input }) => {
        marks.delete(input.id)
        return { ok: true as const }
      }),
    },
  }
}

/** Nobody is found by a peer ID here. */
export function fakeFindRoutes(os: ReturnType<typeof createFakeOs>) {
  return {
    find: os.profiles.find.handler(({ input }) => {
      const ways = [{ way: 'peers' as const, state: 'nothing' as const, asked: 3 }]
      return { profile: input.profile, state: 'nothing' as const, ways, startedAt: 0, endedAt: 1 }
    }),
    search: os.profiles.search.handler(() => null),
  }
}

import type { PersonSearch } from '../../../core/contract/finding.ts'
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

/** Nobody is found by a peer ID here: a search has an answer at once. */
export function fakeFindRoutes(os: ReturnType<typeof createFakeOs>) {
  const searches = new Map<string, PersonSearch>()
  let count = 0
  return {
    find: os.profiles.find.handler(({ input }) => {
      const search: PersonSearch = {
        profile: input.profile,
        state: 'nothing',
        ways: [
          { way: 'memory', state: 'nothing', asked: 2 },
          { way: 'peers', state: 'nothing', asked: 3 * ++count },
          { way: 'dht', state: 'nothing', asked: 0 },
          { way: 'lan', state: 'off', asked: 0 },
        ],
        startedAt: 0,
        endedAt: 1,
      }
      searches.set(input.profile, search)
      return search
    }),
    search: os.profiles.search.handler(({ input }) => searches.get(input.profile) ?? null),
  }
}

import type { createFakeOs } from './fake-os.ts'
import type { FakePost } from './fake-square.ts'

/** Reactions and reposts of the account of the sample square. */
export function fakeActRoutes(
  os: ReturnType<typeof createFakeOs>,
  parts: { findPost: (id: string) => FakePost; me: () => string; changed: (post: FakePost) => void },
) {
  const act = (id: string, change: (post: FakePost, me: string) => void) => {
    const post = parts.findPost(id)
    change(post, parts.me())
    parts.changed(post)
    return { ok: true as const }
  }
  return {
    reactions: {
      add: os.reactions.add.handler(({ input }) =>
        act(input.id, (post, me) => void post.reactions.set(me, input.emoji)),
      ),
      remove: os.reactions.remove.handler(({ input }) => act(input.id, (post, me) => void post.reactions.delete(me))),
    },
    reposts: {
      add: os.reposts.add.handler(({ input }) => act(input.id, (post, me) => void post.reposts.add(me))),
      remove: os.reposts.remove.handler(({ input }) => act(input.id, (post, me) => void post.reposts.delete(me))),
    },
  }
}

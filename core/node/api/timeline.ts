import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function timelineApi(
  api: ApiImplementer,
  { reader, links, beyond }: Pick<ApiServices, 'reader' | 'links' | 'beyond'>,
) {
  return {
    home: api.timeline.home.handler(({ input }) => reader.home(input)),
    beyond: api.timeline.beyond.handler(({ input }) => beyond.beyond(input)),
    tag: api.timeline.tag.handler(({ input }) => reader.tag(input.tag, input)),
    list: api.timeline.list.handler(async ({ input }) => {
      const profile = await links.resolve(input.profile)
      return await reader.list(profile, input.list, input)
    }),
    profile: api.timeline.profile.handler(async ({ input }) => {
      const profile = await links.resolve(input.profile)
      return await reader.profilePosts(profile, input)
    }),
  }
}

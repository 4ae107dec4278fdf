import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function timelineApi(
  api: ApiImplementer,
  { reader, holdings, links }: Pick<ApiServices, 'reader' | 'holdings' | 'links'>,
) {
  return {
    home: api.timeline.home.handler(async ({ input }) => holdings.page(await reader.home(input))),
    profile: api.timeline.profile.handler(async ({ input }) => {
      const profile = await links.resolve(input.profile)
      return holdings.page(await reader.profilePosts(profile, input))
    }),
  }
}

import { foldTag } from '../../record/tag-text.ts'
import { utf8 } from '../../util/bytes.ts'
import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

/** Longer ones stand in nobody's index. */
const MAX_TAG_BYTES = 128
const NOBODY = { answers: 'nobody', seedsAsked: 0 } as const

export function timelineApi(
  api: ApiImplementer,
  { reader, links, beyond, answers }: Pick<ApiServices, 'reader' | 'links' | 'beyond' | 'answers'>,
) {
  return {
    home: api.timeline.home.handler(({ input }) => reader.home(input)),
    beyond: api.timeline.beyond.handler(({ input }) => beyond.beyond(input)),
    tag: api.timeline.tag.handler(async ({ input }) => {
      const page = await reader.tag(input.tag, input)
      const tagBytes = utf8(foldTag(input.tag))
      const isLookable = tagBytes.length > 0 && tagBytes.length <= MAX_TAG_BYTES
      return { ...page, ...(isLookable ? answers.look('tag', tagBytes) : NOBODY) }
    }),
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

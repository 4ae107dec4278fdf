import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

const DONE = { ok: true as const }

export function moderationApi(api: ApiImplementer, { silences, words }: Pick<ApiServices, 'silences' | 'words'>) {
  return {
    list: api.moderation.list.handler(() => silences.list()),
    mute: api.moderation.mute.handler(({ input }) => silences.mute(input.profile, true).then(() => DONE)),
    unmute: api.moderation.unmute.handler(({ input }) => silences.mute(input.profile, false).then(() => DONE)),
    block: api.moderation.block.handler(({ input }) => silences.block(input.profile, true).then(() => DONE)),
    unblock: api.moderation.unblock.handler(({ input }) => silences.block(input.profile, false).then(() => DONE)),
    words: api.moderation.words.handler(() => words.list()),
    muteWord: api.moderation.muteWord.handler(({ input }) => words.mute(input)),
    unmuteWord: api.moderation.unmuteWord.handler(({ input }) => words.unmute(input.id).then(() => DONE)),
  }
}

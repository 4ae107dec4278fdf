import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function reactionsApi(api: ApiImplementer, { publishing }: Pick<ApiServices, 'publishing'>) {
  return {
    add: api.reactions.add.handler(async ({ input }) => {
      await publishing.react(input.id, input.emoji)
      return { ok: true as const }
    }),
    remove: api.reactions.remove.handler(async ({ input }) => {
      await publishing.react(input.id, null)
      return { ok: true as const }
    }),
  }
}

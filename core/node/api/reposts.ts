import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function repostsApi(api: ApiImplementer, { publishing }: Pick<ApiServices, 'publishing'>) {
  return {
    add: api.reposts.add.handler(async ({ input }) => {
      await publishing.repost(input.id, true)
      return { ok: true as const }
    }),
    remove: api.reposts.remove.handler(async ({ input }) => {
      await publishing.repost(input.id, false)
      return { ok: true as const }
    }),
  }
}

import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function privateApi(api: ApiImplementer, { privateBook }: Pick<ApiServices, 'privateBook'>) {
  return {
    list: api.private.list.handler(async ({ input }) => ({ items: [...(await privateBook.list(input.edge))] })),
    put: api.private.put.handler(async ({ input }) => {
      await privateBook.put(input.edge, input.subject, input.value ?? null)
      return { ok: true as const }
    }),
  }
}

import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

const DONE = { ok: true as const }

export function listsApi(
  api: ApiImplementer,
  { publishing: { lists }, reader, links }: Pick<ApiServices, 'publishing' | 'reader' | 'links'>,
) {
  return {
    list: api.lists.list.handler(async ({ input: { member } }) => {
      const items = await reader.lists(member === undefined ? null : await links.resolve(member))
      return { items: [...items] }
    }),
    get: api.lists.get.handler(({ input }) => lists.get(input.id)),
    create: api.lists.create.handler(({ input }) => lists.create(input.name)),
    rename: api.lists.rename.handler(({ input }) => lists.rename(input.id, input.name).then(() => DONE)),
    remove: api.lists.remove.handler(({ input }) => lists.remove(input.id).then(() => DONE)),
    add: api.lists.add.handler(async ({ input }) => {
      await lists.put(input.id, await links.resolve(input.profile), true)
      return DONE
    }),
    drop: api.lists.drop.handler(async ({ input }) => {
      await lists.put(input.id, await links.resolve(input.profile), false)
      return DONE
    }),
  }
}

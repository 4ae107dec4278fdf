import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function followsApi(api: ApiImplementer, { follows }: Pick<ApiServices, 'follows'>) {
  return {
    add: api.follows.add.handler(({ input }) => follows.add(input.profile, input.addresses ?? [])),
    remove: api.follows.remove.handler(({ input }) => follows.remove(input.profile)),
    list: api.follows.list.handler(async () => ({ items: [...(await follows.list())] })),
  }
}

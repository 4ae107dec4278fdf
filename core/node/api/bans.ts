import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function bansApi(api: ApiImplementer, { bans }: Pick<ApiServices, 'bans'>) {
  return {
    list: api.bans.list.handler(() => ({ items: bans.list() })),
    lift: api.bans.lift.handler(({ input }) => ({ lifted: bans.lift(input.peerId) })),
  }
}

import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function linkApi(api: ApiImplementer, { linker }: Pick<ApiServices, 'linker'>) {
  return {
    offer: api.link.offer.handler(() => linker.offer()),
    join: api.link.join.handler(({ input }) => linker.join(input.link, input.name)),
    confirm: api.link.confirm.handler(({ input }) => linker.confirm(input.matches)),
    cancel: api.link.cancel.handler(() => linker.cancel()),
    status: api.link.status.handler(() => linker.status()),
  }
}

import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function networkApi(api: ApiImplementer, { network }: Pick<ApiServices, 'network'>) {
  return {
    status: api.network.status.handler(() => network.status()),
    connect: api.network.connect.handler(({ input, signal }) => network.connect(input.address, { signal })),
  }
}

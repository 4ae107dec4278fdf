import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function networkApi(api: ApiImplementer, { network, evidence }: Pick<ApiServices, 'network' | 'evidence'>) {
  return {
    evidence: api.network.evidence.handler(async () => ({ items: [...(await evidence.list())] })),
    status: api.network.status.handler(() => network.status()),
    connect: api.network.connect.handler(({ input, signal }) => network.connect(input.address, { signal })),
  }
}

import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function networkApi(
  api: ApiImplementer,
  { network, evidence, ledger }: Pick<ApiServices, 'network' | 'evidence' | 'ledger'>,
) {
  return {
    evidence: api.network.evidence.handler(async () => ({ items: [...(await evidence.list())] })),
    ledger: api.network.ledger.handler(async ({ input }) => ({ days: await ledger.list(input.days) })),
    status: api.network.status.handler(() => network.status()),
    connect: api.network.connect.handler(({ input, signal }) => network.connect(input.address, { signal })),
  }
}

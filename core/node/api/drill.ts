import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function drillApi(api: ApiImplementer, { drill }: Pick<ApiServices, 'drill'>) {
  return {
    start: api.drill.start.handler(async ({ input }) => ({ drill: await drill.begin(input.cut, input.minutes) })),
    stop: api.drill.stop.handler(async () => ({ drill: await drill.end() })),
    status: api.drill.status.handler(async () => ({ drill: await drill.status() })),
  }
}

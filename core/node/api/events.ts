import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function eventsApi(api: ApiImplementer, { events }: Pick<ApiServices, 'events'>) {
  return {
    subscribe: api.events.subscribe.handler(({ signal }) => events.subscribe(signal)),
  }
}

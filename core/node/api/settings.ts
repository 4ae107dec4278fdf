import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function settingsApi(api: ApiImplementer, { settings }: Pick<ApiServices, 'settings'>) {
  return {
    get: api.settings.get.handler(() => settings.get()),
    update: api.settings.update.handler(({ input }) => settings.update(input)),
  }
}

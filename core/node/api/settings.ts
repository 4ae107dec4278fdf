import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function settingsApi(api: ApiImplementer, { settings, events }: Pick<ApiServices, 'settings' | 'events'>) {
  return {
    get: api.settings.get.handler(() => settings.get()),
    update: api.settings.update.handler(async ({ input }) => {
      const saved = await settings.update(input)
      if (input.silentKinds !== undefined || input.strangersRing !== undefined)
        events.publish({ type: 'notifications' })
      return saved
    }),
  }
}

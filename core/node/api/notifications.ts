import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

type Services = Pick<ApiServices, 'reader' | 'events' | 'settings'>

export function notificationsApi(api: ApiImplementer, { reader, events, settings }: Services) {
  return {
    list: api.notifications.list.handler(({ input }) => reader.notifications(input)),
    unread: api.notifications.unread.handler(() => {
      const { silentKinds, strangersRing } = settings.get()
      return reader.unreadNotifications({ silentKinds, strangersRing })
    }),
    markRead: api.notifications.markRead.handler(async ({ input }) => {
      const count = await reader.markNotificationsRead(input.id ?? null)
      events.publish({ type: 'notifications' })
      return { count }
    }),
  }
}

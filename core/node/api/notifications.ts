import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function notificationsApi(api: ApiImplementer, { reader, events }: Pick<ApiServices, 'reader' | 'events'>) {
  return {
    list: api.notifications.list.handler(({ input }) => reader.notifications(input)),
    unread: api.notifications.unread.handler(() => reader.unreadNotifications()),
    markRead: api.notifications.markRead.handler(async ({ input }) => {
      const count = await reader.markNotificationsRead(input.id ?? null)
      events.publish({ type: 'notifications' })
      return { count }
    }),
  }
}

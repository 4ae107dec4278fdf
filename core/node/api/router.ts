import type { Logger } from '../../util/logger.ts'
import { accountApi } from './account.ts'
import { archiveApi } from './archive.ts'
import { bansApi } from './bans.ts'
import { bookmarksApi } from './bookmarks.ts'
import { type ApiGate, createImplementer } from './context.ts'
import { devicesApi } from './devices.ts'
import { drillApi } from './drill.ts'
import { eventsApi } from './events.ts'
import { followsApi } from './follows.ts'
import { guardiansApi } from './guardians.ts'
import { invitationsApi } from './invitations.ts'
import { linkApi } from './link.ts'
import { listsApi } from './lists.ts'
import { mediaApi } from './media.ts'
import { moderationApi } from './moderation.ts'
import { networkApi } from './network.ts'
import { notificationsApi } from './notifications.ts'
import { postsApi } from './posts.ts'
import { privateApi } from './private.ts'
import { profilesApi } from './profiles.ts'
import { reactionsApi } from './reactions.ts'
import { recoveryApi } from './recovery.ts'
import { repostsApi } from './reposts.ts'
import { searchApi } from './search.ts'
import type { ApiServices } from './services.ts'
import { settingsApi } from './settings.ts'
import { storageApi } from './storage.ts'
import { threadsApi } from './threads.ts'
import { timelineApi } from './timeline.ts'

/** The contract, implemented: what every carrier serves. The initial context says which carrier it is. */
export function createRouter(components: {
  readonly services: ApiServices
  readonly gate: ApiGate
  readonly logger: Logger
}) {
  const { services } = components
  const api = createImplementer(components)
  return api.router({
    account: accountApi(api, services),
    posts: postsApi(api, services),
    timeline: timelineApi(api, services),
    threads: threadsApi(api, services),
    profiles: profilesApi(api, services),
    follows: followsApi(api, services),
    reactions: reactionsApi(api, services),
    reposts: repostsApi(api, services),
    search: searchApi(api, services),
    media: mediaApi(api, services),
    network: networkApi(api, services),
    drill: drillApi(api, services),
    archive: archiveApi(api, services),
    bans: bansApi(api, services),
    lists: listsApi(api, services),
    moderation: moderationApi(api, services),
    invitations: invitationsApi(api, services),
    storage: storageApi(api, services),
    settings: settingsApi(api, services),
    events: eventsApi(api, services),
    devices: devicesApi(api, services),
    link: linkApi(api, services),
    recovery: recoveryApi(api, services),
    guardians: guardiansApi(api, services),
    private: privateApi(api, services),
    notifications: notificationsApi(api, services),
    bookmarks: bookmarksApi(api, services),
  })
}

export type NodeRouter = ReturnType<typeof createRouter>

import type { PersonSearch } from '../../core/contract/finding.ts'
import type { Media } from '../../core/contract/media.ts'
import { DEFAULT_SETTINGS } from '../../core/contract/setting-defaults.ts'
import type { Account, PostView, ProfileView } from '../../core/contract/views.ts'
import type { ApiServices } from '../../core/node/api/services.ts'
import { EventHub } from '../../core/node/event-hub.ts'
import { NoAccountError } from '../../core/util/errors.ts'

const noSearch: PersonSearch = { profile: '', state: 'nothing', ways: [], startedAt: 0, endedAt: 1 }

export const FAKE_PROFILE = '12D3KooWFakeProfile'
export const FAKE_POST_ID = 'bafyreifakepost'

const account: Account = {
  profile: FAKE_PROFILE,
  name: 'Nour',
  device: { peerId: '12D3KooWFakeDevice', name: 'laptop' },
  wordsPending: true,
  protection: 'open',
}

export const fakeMedia: Media = { cid: 'bafkfake', type: 'image/png', size: 3, width: 1, height: 1, alt: '' }

export const fakePost: PostView = {
  id: FAKE_POST_ID,
  author: FAKE_PROFILE,
  name: 'Nour',
  avatar: null,
  ts: 1_700_000_000_000,
  text: 'hello',
  lang: null,
  media: [],
  state: 'shown',
  editedAt: null,
  arrivedLateAt: null,
  deletedAt: null,
  counts: { replies: 0, reposts: 0, reactions: 0 },
  mine: { reaction: null, reposted: false },
  repostedBy: null,
  holding: null,
}

const profileView: ProfileView = {
  profile: FAKE_PROFILE,
  name: 'Nour',
  bio: '',
  avatar: null,
  seeds: [],
  isMe: true,
  follow: 'none',
  followsMe: false,
  counts: { posts: 1, following: 0, followers: 0, missing: 0 },
  owedBy: [],
  state: 'known',
  completeAsOf: null,
  compared: null,
  link: '',
}

const page = { items: [fakePost], cursor: null }

/** Services that no test of carriers asks. */
function notAsked<T extends object>(): T {
  return new Proxy({} as T, {
    get: (_, name) => () => {
      throw new Error(`${String(name)} was not expected`)
    },
  })
}

/** Services that answer with one person and one post, and write down what was asked of them. */
export function createFakeServices(init: { hasAccount: boolean } = { hasAccount: true }): {
  services: ApiServices
  events: EventHub
  calls: unknown[][]
} {
  const calls: unknown[][] = []
  const events = new EventHub()
  const note = (...call: unknown[]) => void calls.push(call)
  const services: ApiServices = {
    answers: { look: () => ({ answers: 'nobody', seedsAsked: 0 }) },
    account: {
      profile: init.hasAccount ? FAKE_PROFILE : null,
      create: async (name) => {
        note('account.create', name)
        return { ...account, name }
      },
      get: async () => {
        if (!init.hasAccount) throw new NoAccountError()
        return account
      },
      words: () => ['abandon', 'ability'],
      confirmWords: async (answers) => answers.every(({ word }) => word === 'abandon'),
      protect: async () => account,
    },
    beyond: { beyond: async () => ({ ...page, madeAt: null }) },
    comparisons: { of: () => null },
    evidence: { list: async () => [], owedBy: async () => [] },
    publishing: {
      lists: notAsked(),
      createPost: async (post) => {
        note('createPost', post)
        return { id: FAKE_POST_ID }
      },
      editPost: async (id, post) => note('editPost', id, post),
      deletePost: async (id) => note('deletePost', id),
      react: async (id, emoji) => note('react', id, emoji),
      repost: async (id, isOn) => note('repost', id, isOn),
      updateProfile: async (change) => note('updateProfile', change),
    },
    reader: {
      home: async (query) => {
        note('home', query)
        return page
      },
      profilePosts: async () => page,
      beyond: async () => page,
      lists: async () => [],
      listPeople: async () => null,
      post: async (id) => (id === FAKE_POST_ID ? fakePost : null),
      history: async () => [],
      silencedPeople: async () => ({ muted: [], blocked: [] }),
      thread: async (id) =>
        id === FAKE_POST_ID
          ? {
              ancestors: [],
              post: fakePost,
              replies: [{ depth: 1, below: 0, distance: 1, folded: false, post: fakePost }],
              held: 1,
              strangers: 0,
              missing: 0,
              cursor: null,
            }
          : null,
      profile: async (profile) => ({ ...profileView, profile }),
      follows: async () => [],
      tag: async (tag, query) => {
        note('tag', tag, query)
        return page
      },
      list: async (profile, list, query) => {
        note('list', profile, list, query)
        return page
      },
      posts: async (ids) => ids.map((id) => (id === FAKE_POST_ID ? fakePost : null)),
      notifications: async () => ({ items: [], cursor: null, unread: 0 }),
      unreadNotifications: async () => ({ count: 3, known: 2, ringing: 1 }),
      markNotificationsRead: async (id) => {
        note('markNotificationsRead', id)
        return 0
      },
      search: async (text, query) => {
        note('search', text, query)
        return { ...page, searched: 1 }
      },
      suggest: async (typed, limit) => {
        note('suggest', typed, limit)
        return []
      },
      names: async (profiles) => profiles.map(() => ''),
    },
    follows: {
      add: async (profile, addresses) => {
        note('follows.add', profile, addresses)
        return { profile, state: 'pending' }
      },
      remove: async (profile) => ({ profile, state: 'none' }),
      list: async () => [],
    },
    links: {
      linkOf: (profile) => `palabre:${profile}`,
      resolve: async (profile) => profile,
      find: async () => ({ key: new Uint8Array(32), addresses: [] }),
    },
    finder: { find: () => noSearch, stateOf: () => null },
    media: {
      addFile: async (path, alt) => {
        note('addFile', path, alt)
        return fakeMedia
      },
      addBlob: async (blob) => {
        note('addBlob', blob.size)
        return fakeMedia
      },
      writeTo: async (cid, out) => ({ cid, type: 'image/png', size: 3, out }),
      fetch: async () => ({ state: 'fetching' }),
    },
    network: {
      status: async () => {
        throw new TypeError('a bug with a secret in it')
      },
      connect: async () => ({ peerId: '12D3KooWFakePeer' }),
    },
    bans: notAsked(),
    drill: notAsked(),
    ledger: notAsked(),
    storage: notAsked(),
    settings: {
      get: () => DEFAULT_SETTINGS,
      update: async (change) => {
        note('settings.update', change)
        return { ...DEFAULT_SETTINGS, theme: 'dark' }
      },
    },
    events,
    imports: notAsked(),
    exports: notAsked(),
    invitations: notAsked(),
    replacements: notAsked(),
    devices: notAsked(),
    linker: notAsked(),
    recovery: notAsked(),
    guardians: notAsked(),
    privateBook: notAsked(),
    silences: notAsked(),
    words: notAsked(),
  }
  return { services, events, calls }
}

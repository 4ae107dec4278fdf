/** Addresses of the pages, behind the `#`: the same under the web UI and in the desktop app. */
export const routes = {
  home: '/',
  thread: '/thread/:id',
  profile: '/profile/:id/:tab?',
  ownProfile: '/profile',
  notifications: '/notifications',
  bookmarks: '/bookmarks',
  lists: '/lists',
  list: '/lists/:id/:tab?',
  tag: '/tag/:tag',
  search: '/search',
  /** The words searched for stand in the path: a hash has no query of its own. */
  found: '/search/:query?',
  network: '/network',
  settings: '/settings',
  words: '/settings/words',
  recovery: '/settings/recovery',
  rehearse: '/settings/recovery/rehearse',
  paper: '/settings/recovery/paper',
  newWords: '/settings/recovery/new-words',
  guardians: '/settings/recovery/guardians',
  guarding: '/settings/recovery/guarding',
  devices: '/settings/devices',
  linkDevice: '/settings/devices/link',
  computer: '/settings/computer',
  silenced: '/settings/silenced',
  mutedWords: '/settings/silenced/words',
  write: '/write',
} as const

export function threadPath(id: string): string {
  return `/thread/${encodeURIComponent(id)}`
}

export function profilePath(profile: string): string {
  return `/profile/${encodeURIComponent(profile)}`
}

/** `profile`: null for the own one. */
export function profileTabPath(profile: string | null, tab: string | null): string {
  const place = profile === null ? (tab === null ? routes.ownProfile : '/profile/own') : profilePath(profile)
  return tab === null ? place : `${place}/${tab}`
}

/** `id`: hex, as the API has it. */
export function listPath(id: string): string {
  return `${routes.lists}/${id}`
}

export function tagPath(tag: string): string {
  return `/tag/${encodeURIComponent(tag)}`
}

export function searchPath(query: string): string {
  return query === '' ? routes.search : `${routes.search}/${encodeURIComponent(query)}`
}

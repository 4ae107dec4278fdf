import type { Settings } from './settings.ts'

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  language: 'system',
  singleKeys: true,
  opensWarnings: false,
  sharesAddresses: true,
  silentKinds: [],
  strangersRing: false,
  quietHours: null,
  pictures: 'always',
  trafficCapBytes: null,
  hiddenRungs: [],
  foldedRungs: [],
  pinnedLists: [],
}

import type { Settings } from '../../core/contract/views.ts'

/** The node holds the settings; this copy only serves the first moments of a page, before the node has answered. */
const KEY = 'palabre.settings'

const DEFAULTS: Settings = { theme: 'system', language: 'system', singleKeys: true, sharesAddresses: true }

export function readRememberedSettings(): Settings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return DEFAULTS
    const { theme, language, singleKeys, sharesAddresses } = stored as Partial<Record<keyof Settings, unknown>>
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : DEFAULTS.theme,
      language: language === 'en' || language === 'fr' ? language : DEFAULTS.language,
      singleKeys: typeof singleKeys === 'boolean' ? singleKeys : DEFAULTS.singleKeys,
      sharesAddresses: typeof sharesAddresses === 'boolean' ? sharesAddresses : DEFAULTS.sharesAddresses,
    }
  } catch {
    return DEFAULTS
  }
}

export function rememberSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings))
  } catch {
    // Storage refused: the next page begins with the system's choice.
  }
}

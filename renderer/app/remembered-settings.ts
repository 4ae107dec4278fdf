import { DEFAULT_SETTINGS } from '../../core/contract/setting-defaults.ts'
import type { Settings } from '../../core/contract/settings.ts'

/** The node holds the settings; a copy of what shows at once serves the first moments of a page, before the node has answered. */
const KEY = 'palabre.settings'

export function readRememberedSettings(): Settings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return DEFAULT_SETTINGS
    const { theme, language, singleKeys, opensWarnings } = stored as Partial<Record<keyof Settings, unknown>>
    return {
      ...DEFAULT_SETTINGS,
      theme: theme === 'light' || theme === 'dark' ? theme : DEFAULT_SETTINGS.theme,
      language: language === 'en' || language === 'fr' ? language : DEFAULT_SETTINGS.language,
      singleKeys: typeof singleKeys === 'boolean' ? singleKeys : DEFAULT_SETTINGS.singleKeys,
      opensWarnings: typeof opensWarnings === 'boolean' ? opensWarnings : DEFAULT_SETTINGS.opensWarnings,
    }
  } catch {
    return DEFAULT_SETTINGS
  }
}

export function rememberSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings))
  } catch {
    // Storage refused: the next page begins with the system's choice.
  }
}

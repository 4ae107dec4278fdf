import { useEffect } from 'react'
import type { Settings } from '../../core/contract/settings.ts'

const DARK = '(prefers-color-scheme: dark)'

export function applyTheme(theme: Settings['theme']): void {
  const system = window.matchMedia(DARK).matches ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme === 'system' ? system : theme
}

/** Follows the system, also when it changes, unless a theme was chosen. */
export function useTheme(theme: Settings['theme']): void {
  useEffect(() => {
    applyTheme(theme)
    if (theme !== 'system') return
    const query = window.matchMedia(DARK)
    const follow = () => applyTheme('system')
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [theme])
}

import type { Session, WebContents } from 'electron'
import { APP_ORIGIN } from './app-origin.ts'

/** Decides about an address that the page wants to show outside; resolves when the person has answered. */
export type OpenOutside = (url: string) => void

/** True for the window's own pages only. */
export function isOwnPage(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)
}

/** No page may have a permission; reading what was just copied is not asked for either. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}

/** The window stays on its own pages: others go outside, after a question, or nowhere. */
export function confineNavigation(contents: WebContents, openOutside: OpenOutside): void {
  contents.on('will-navigate', (event, url) => {
    if (isOwnPage(url)) return
    event.preventDefault()
    openOutside(url)
  })
  contents.on('will-redirect', (event, url) => {
    if (!isOwnPage(url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
}

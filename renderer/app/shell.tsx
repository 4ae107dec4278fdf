import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { useLocation } from 'wouter'
import type { Account } from '../../core/contract/views.ts'
import { useComposer } from '../features/composer/use-composer.ts'
import { useRpc } from '../rpc/provider.tsx'
import { HelpDialog } from './help-dialog.tsx'
import styles from './layout.module.css'
import { SQUARE_ID } from './layout.tsx'
import { Navigation, TabBar } from './navigation.tsx'
import { routes } from './routes.ts'
import { useShortcuts } from './shortcuts.ts'

/** Everything round a page: skip link, navigation, tab bar, the keys that work everywhere. */
export function Shell({ account, children }: { account: Account; children: ReactNode }) {
  const { orpc } = useRpc()
  const composer = useComposer()
  const [, navigate] = useLocation()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const { data: profile } = useQuery(orpc.profiles.get.queryOptions({ input: {} }))
  useShortcuts({
    n: () => composer.open(),
    '/': () => (focusSearchField() ? undefined : navigate(routes.search)),
    '?': () => setHelpOpen(true),
    'g h': () => navigate(routes.home),
    'g n': () => navigate(routes.notifications),
    'g b': () => navigate(routes.bookmarks),
    'g c': () => navigate(routes.network),
    'g p': () => navigate(routes.ownProfile),
  })
  useArrival()
  return (
    <>
      <button type="button" className={styles.skip} onClick={focusSquare}>
        <FormattedMessage id="app.skip" />
      </button>
      <div className={styles.shell}>
        <header className={styles.navigation}>
          <Navigation account={account} profile={profile} onWrite={() => composer.open()} />
        </header>
        {children}
      </div>
      <TabBar account={account} onWrite={() => composer.open()} />
      <HelpDialog open={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </>
  )
}

function focusSquare(): void {
  document.getElementById(SQUARE_ID)?.focus({ preventScroll: true })
}

/** @returns false where no search field is in sight. */
function focusSearchField(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[type="search"]')]
  const field = fields.find((candidate) => candidate.offsetParent !== null)
  field?.focus()
  field?.select()
  return field !== undefined
}

/**
 * A change of page puts the focus on the square, so that screen readers and the Tab key begin there, and the view on
 * its top; going back leaves the view to the page, which remembers its place.
 */
function useArrival(): void {
  const [location] = useLocation()
  const last = useRef(location)
  const isBack = useRef(false)
  useEffect(() => {
    const onPopState = () => {
      isBack.current = true
    }
    window.addEventListener('popstate', onPopState)
    return () => window.removeEventListener('popstate', onPopState)
  }, [])
  useEffect(() => {
    if (last.current === location) return
    last.current = location
    // A page that took the focus itself, as the search does, keeps it.
    if (!document.getElementById(SQUARE_ID)?.contains(document.activeElement)) focusSquare()
    if (!isBack.current) window.scrollTo(0, 0)
    isBack.current = false
  }, [location])
}

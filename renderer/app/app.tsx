import { SearchX } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import type { Account } from '../../core/contract/views.ts'
import { BookmarksPage } from '../features/bookmarks/bookmarks-page.tsx'
import { ComposerHost } from '../features/composer/composer-host.tsx'
import { useComposer } from '../features/composer/use-composer.ts'
import { DevicesPage } from '../features/devices/devices-page.tsx'
import { LinkPage } from '../features/devices/link-page.tsx'
import { GuardiansPage } from '../features/guardians/guardians-page.tsx'
import { GuardingPage } from '../features/guardians/guarding-page.tsx'
import { ListPage } from '../features/lists/list-page.tsx'
import { ListsPage } from '../features/lists/lists-page.tsx'
import { SilencedPage } from '../features/moderation/silenced-page.tsx'
import { MutedWordsPage } from '../features/moderation/words-page.tsx'
import { NetworkPage } from '../features/network/network-page.tsx'
import { NotificationsPage } from '../features/notifications/notifications-page.tsx'
import { ProfilePage } from '../features/profile/profile-page.tsx'
import { NewWordsPage } from '../features/recovery/new-words-page.tsx'
import { PaperPage } from '../features/recovery/paper-page.tsx'
import { RecoveryPage } from '../features/recovery/recovery-page.tsx'
import { RehearsePage } from '../features/recovery/rehearse-page.tsx'
import { WordsPage } from '../features/recovery/words-page.tsx'
import { SearchPage } from '../features/search/search-page.tsx'
import { ComputerPage } from '../features/settings/computer-page.tsx'
import { SettingsPage } from '../features/settings/settings-page.tsx'
import { TagPage } from '../features/tag/tag-page.tsx'
import { ThreadPage } from '../features/thread/thread-page.tsx'
import { HomePage } from '../features/timeline/home-page.tsx'
import { I18nProvider } from '../i18n/provider.tsx'
import { RpcProvider } from '../rpc/provider.tsx'
import type { Transport } from '../rpc/transport.ts'
import { StatePanel } from '../ui/state-panel.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Gate } from './gate.tsx'
import { Page } from './layout.tsx'
import { routes } from './routes.ts'
import { Shell } from './shell.tsx'
import { useTheme } from './theme.ts'
import { useSettings } from './use-settings.ts'

/** The whole window. Tests give their own transport. */
export function App({ transport }: { transport?: Transport }) {
  return (
    <RpcProvider {...(transport === undefined ? {} : { transport })}>
      <Chosen>
        <ErrorBoundary>
          <ToastProvider>
            <Router hook={useHashLocation}>
              <Gate>{(account) => <Square account={account} />}</Gate>
            </Router>
          </ToastProvider>
        </ErrorBoundary>
      </Chosen>
    </RpcProvider>
  )
}

/** Theme and language as chosen. */
function Chosen({ children }: { children: ReactNode }) {
  const { settings } = useSettings()
  useTheme(settings.theme)
  return <I18nProvider language={settings.language}>{children}</I18nProvider>
}

/** One route, so that a tab of the own profile doesn't make the page anew: nothing, `own` and a tab, or a profile and a tab. */
const PROFILES = '/profile/:id?/:tab?'

function Square({ account }: { account: Account }) {
  return (
    <Shell account={account}>
      <Switch>
        <Route path={routes.home} component={HomePage} />
        <Route path={routes.thread} component={ThreadPage} />
        <Route path={PROFILES} component={ProfilePage} />
        <Route path={routes.notifications} component={NotificationsPage} />
        <Route path={routes.bookmarks} component={BookmarksPage} />
        <Route path={routes.lists} component={ListsPage} />
        <Route path={routes.list} component={ListPage} />
        <Route path={routes.tag} component={TagPage} />
        <Route path={routes.found} component={SearchPage} />
        <Route path={routes.network} component={NetworkPage} />
        <Route path={routes.settings} component={SettingsPage} />
        <Route path={routes.words} component={WordsPage} />
        <Route path={routes.recovery} component={RecoveryPage} />
        <Route path={routes.rehearse} component={RehearsePage} />
        <Route path={routes.paper} component={PaperPage} />
        <Route path={routes.newWords} component={NewWordsPage} />
        <Route path={routes.guardians} component={GuardiansPage} />
        <Route path={routes.guarding} component={GuardingPage} />
        <Route path={routes.devices} component={DevicesPage} />
        <Route path={routes.linkDevice} component={LinkPage} />
        <Route path={routes.computer} component={ComputerPage} />
        <Route path={routes.mutedWords} component={MutedWordsPage} />
        <Route path={routes.silenced} component={SilencedPage} />
        <Route path={routes.write} component={WritePage} />
        <Route component={LostPage} />
      </Switch>
      <ComposerHost />
    </Shell>
  )
}

/** `/write` opens the composer over home, for links from outside. */
function WritePage() {
  const composer = useComposer()
  useEffect(() => composer.open(), [composer])
  return <Redirect to={routes.home} replace />
}

function LostPage() {
  const intl = useIntl()
  return (
    <Page title={intl.formatMessage({ id: 'gate.lostPage' })} hasBack>
      <StatePanel
        icon={<SearchX strokeWidth={1.5} aria-hidden />}
        title={<FormattedMessage id="gate.lostPage.title" />}
        line={<FormattedMessage id="gate.lostPage.line" />}
        action={
          <Link href={routes.home}>
            <FormattedMessage id="gate.lostPage.home" />
          </Link>
        }
      />
    </Page>
  )
}

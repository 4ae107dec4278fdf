import { useQuery } from '@tanstack/react-query'
import { Check, CircleAlert, Monitor, Moon, NotebookText, Sun, Vault } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { Account } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { ContextSection } from '../../app/context-section.tsx'
import { HelpDialog } from '../../app/help-dialog.tsx'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useSettings } from '../../app/use-settings.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Rings } from '../../ui/rings.tsx'
import { Segment } from '../../ui/segment.tsx'
import { Switch } from '../../ui/switch.tsx'
import styles from './settings.module.css'

const SECTIONS = ['account', 'reading', 'keyboard'] as const
const ICON = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const

export function SettingsPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data: account } = useQuery(orpc.account.get.queryOptions())
  return (
    <Page title={intl.formatMessage({ id: 'settings.title' })} context={<Contents />}>
      <div className={styles.page}>
        {account !== undefined && <AccountSection account={account} />}
        <ReadingSection />
        <KeyboardSection />
      </div>
    </Page>
  )
}

/** The sections of the page; there is no address for each, so they are buttons. */
function Contents() {
  const go = (section: string) => {
    const heading = document.getElementById(`settings-${section}`)
    heading?.scrollIntoView({ block: 'center' })
    heading?.focus({ preventScroll: true })
  }
  return (
    <ContextSection title={<FormattedMessage id="settings.sections" />}>
      <ul className={styles.contents}>
        {SECTIONS.map((section) => (
          <li key={section}>
            <button type="button" className={styles.jump} onClick={() => go(section)}>
              <FormattedMessage id={`settings.${section}`} />
            </button>
          </li>
        ))}
      </ul>
    </ContextSection>
  )
}

function Section({ name, children }: { name: (typeof SECTIONS)[number]; children: ReactNode }) {
  return (
    <section className={styles.section} aria-labelledby={`settings-${name}`}>
      <h2 className={styles.title} id={`settings-${name}`} tabIndex={-1}>
        <FormattedMessage id={`settings.${name}`} />
      </h2>
      {children}
    </section>
  )
}

function AccountSection({ account }: { account: Account }) {
  const [, navigate] = useLocation()
  const words = account.wordsPending ? 'pending' : 'done'
  const isOpen = account.protection === 'open'
  return (
    <>
      <div className={styles.hero}>
        <Rings held={account.wordsPending ? 0 : 1} size={66} />
        <div>
          <h2 className={styles.heroTitle}>
            <FormattedMessage id={`settings.hero.${words}`} />
          </h2>
          <p className={styles.heroLine}>
            <FormattedMessage id={`settings.hero.${words}.line`} />
          </p>
        </div>
      </div>
      <Section name="account">
        <Row
          icon={<NotebookText {...ICON} />}
          isWaiting={account.wordsPending}
          title={<FormattedMessage id="settings.words" />}
          line={<FormattedMessage id={`settings.words.${words}`} />}
          badge={<FormattedMessage id={`settings.words.badge.${words}`} />}
          action={
            account.wordsPending && (
              <Button kind="primary" size="small" onClick={() => navigate(routes.words)}>
                <FormattedMessage id="settings.words.show" />
              </Button>
            )
          }
        />
        <Row
          icon={<Vault {...ICON} />}
          isWaiting={isOpen}
          title={<FormattedMessage id="settings.protection" />}
          line={<FormattedMessage id={`settings.protection.${account.protection}`} />}
          badge={<FormattedMessage id={`settings.protection.badge.${account.protection}`} />}
        />
        <Row
          icon={<Monitor {...ICON} />}
          title={<FormattedMessage id="settings.device" />}
          line={
            <>
              <bdi>{account.device.name}</bdi> · <span dir="ltr">{shortPeerId(account.device.peerId)}</span>
            </>
          }
        />
        <p className={styles.note}>
          <FormattedMessage id="settings.honest" />
        </p>
      </Section>
    </>
  )
}

function ReadingSection() {
  const intl = useIntl()
  const { settings, update, hasFailed } = useSettings()
  const text = (id: string) => intl.formatMessage({ id })
  return (
    <Section name="reading">
      <div className={styles.row}>
        <span className={styles.label}>
          <FormattedMessage id="settings.theme" />
        </span>
        <Segment
          label={text('settings.theme')}
          value={settings.theme}
          onChange={(theme) => update({ theme })}
          options={[
            {
              value: 'light',
              label: text('settings.theme.light'),
              icon: <Sun size={15} strokeWidth={1.9} aria-hidden />,
            },
            {
              value: 'dark',
              label: text('settings.theme.dark'),
              icon: <Moon size={15} strokeWidth={1.9} aria-hidden />,
            },
            { value: 'system', label: text('settings.theme.system') },
          ]}
        />
      </div>
      <div className={styles.row}>
        <span className={styles.label}>
          <FormattedMessage id="settings.language" />
        </span>
        <Segment
          label={text('settings.language')}
          value={settings.language}
          onChange={(language) => update({ language })}
          options={[
            { value: 'en', label: 'English', lang: 'en' },
            { value: 'fr', label: 'Français', lang: 'fr' },
            { value: 'system', label: text('settings.language.system') },
          ]}
        />
      </div>
      {hasFailed && (
        <p className={styles.failed} role="alert">
          <CircleAlert size={16} strokeWidth={2} aria-hidden />
          <FormattedMessage id="settings.failed" />
        </p>
      )}
    </Section>
  )
}

function KeyboardSection() {
  const [isOpen, setOpen] = useState(false)
  const { settings, update } = useSettings()
  return (
    <Section name="keyboard">
      <div className={styles.switchRow}>
        <Switch
          label={<FormattedMessage id="settings.singleKeys" />}
          help={<FormattedMessage id="settings.singleKeys.help" />}
          checked={settings.singleKeys}
          onChange={(singleKeys) => update({ singleKeys })}
        />
      </div>
      <div className={styles.row}>
        <span className={styles.label}>
          <FormattedMessage id="settings.keys" />
        </span>
        <Button size="small" onClick={() => setOpen(true)}>
          <FormattedMessage id="settings.keys.show" />
        </Button>
      </div>
      <HelpDialog open={isOpen} onClose={() => setOpen(false)} />
    </Section>
  )
}

interface RowProps {
  icon: ReactNode
  title: ReactNode
  line: ReactNode
  badge?: ReactNode
  /** Amber: something is left to do. */
  isWaiting?: boolean
  action?: ReactNode
}

function Row({ icon, title, line, badge, isWaiting = false, action }: RowProps) {
  return (
    <div className={styles.means} data-waiting={isWaiting}>
      {icon}
      <div className={styles.words}>
        <h3 className={styles.label}>{title}</h3>
        <p className={styles.line}>{line}</p>
      </div>
      {badge !== undefined && (
        <span className={styles.badge}>
          {!isWaiting && <Check size={14} strokeWidth={2.2} aria-hidden />}
          {badge}
        </span>
      )}
      {action}
    </div>
  )
}

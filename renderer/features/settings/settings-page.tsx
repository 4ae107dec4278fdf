import { useQuery } from '@tanstack/react-query'
import { CircleAlert, LifeBuoy, Moon, Smartphone, Sun, TextSearch, Vault, VolumeX } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Account } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { HelpDialog } from '../../app/help-dialog.tsx'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { useSettings } from '../../app/use-settings.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Segment } from '../../ui/segment.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Go } from '../recovery/means-list.tsx'
import { RecoveryHero } from '../recovery/recovery-hero.tsx'
import { RungsSection } from '../timeline/rungs-section.tsx'
import { NotificationsSection } from './notifications-section.tsx'
import { ROW_ICON, Row, Section, SettingsContents } from './parts.tsx'
import styles from './settings.module.css'

const SECTIONS = ['account', 'reading', 'beyond', 'notifications', 'silenced', 'keyboard'] as const

export function SettingsPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const { data: account } = useQuery(orpc.account.get.queryOptions())
  return (
    <Page title={intl.formatMessage({ id: 'settings.title' })} context={<Contents />}>
      <div className={styles.page}>
        {account !== undefined && <AccountSection account={account} />}
        <ReadingSection />
        <RungsSection />
        <NotificationsSection />
        <SilencedSection />
        <KeyboardSection />
      </div>
    </Page>
  )
}

/** The pages, and the sections of this one; there is no address for each of these, so they are buttons. */
function Contents() {
  const go = (section: string) => {
    const heading = document.getElementById(`settings-${section}`)
    heading?.scrollIntoView({ block: 'center' })
    heading?.focus({ preventScroll: true })
  }
  return (
    <SettingsContents>
      {SECTIONS.slice(1).map((section) => (
        <li key={section}>
          <button type="button" className={styles.jump} onClick={() => go(section)}>
            <FormattedMessage id={`settings.${section}`} />
          </button>
        </li>
      ))}
    </SettingsContents>
  )
}

/** How safe the account is, and the pages on which that can be changed. */
function AccountSection({ account }: { account: Account }) {
  const { orpc } = useRpc()
  const { data: means } = useQuery(orpc.recovery.means.queryOptions())
  const { data: devices } = useQuery(orpc.devices.list.queryOptions())
  const inUse = devices?.items.filter(({ status }) => status === 'active').length
  const isTroubled = devices?.items.some(({ contested, forked }) => contested || forked) === true
  const isOpen = account.protection === 'open'
  const isUnsafe = means !== undefined && (means.ready === 0 || !means.words.confirmed)
  return (
    <>
      {means !== undefined && <RecoveryHero means={means} />}
      <Section id="settings-account" title={<FormattedMessage id="settings.account" />}>
        <Row
          icon={<LifeBuoy {...ROW_ICON} />}
          tone={means === undefined ? 'idle' : isUnsafe ? 'warn' : 'good'}
          title={<FormattedMessage id="settings.recovery" />}
          line={<FormattedMessage id={account.wordsPending ? 'settings.recovery.pending' : 'settings.recovery.line'} />}
          badge={means && <FormattedMessage id="settings.recovery.badge" values={{ ready: means.ready }} />}
          action={
            <Go to={account.wordsPending ? routes.words : routes.recovery} isMain={account.wordsPending}>
              <FormattedMessage id={account.wordsPending ? 'settings.words.show' : 'settings.open'} />
            </Go>
          }
        />
        <Row
          icon={<Smartphone {...ROW_ICON} />}
          tone={isTroubled ? 'warn' : 'idle'}
          title={<FormattedMessage id="settings.devices" />}
          line={<FormattedMessage id={isTroubled ? 'settings.devices.trouble' : 'settings.devices.line'} />}
          badge={inUse !== undefined && <FormattedMessage id="settings.devices.badge" values={{ n: inUse }} />}
          action={
            <Go to={routes.devices}>
              <FormattedMessage id="settings.open" />
            </Go>
          }
        />
        <Row
          icon={<Vault {...ROW_ICON} />}
          tone={isOpen ? 'warn' : 'good'}
          title={<FormattedMessage id="settings.device" />}
          line={
            <>
              <bdi>{account.device.name}</bdi> · <span dir="ltr">{shortPeerId(account.device.peerId)}</span> ·{' '}
              <FormattedMessage id={`settings.protection.${account.protection}`} />
            </>
          }
          badge={<FormattedMessage id={`settings.protection.badge.${account.protection}`} />}
          action={
            <Go to={routes.computer}>
              <FormattedMessage id="settings.protection.action" />
            </Go>
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
    <Section id="settings-reading" title={<FormattedMessage id="settings.reading" />}>
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
      <div className={styles.switchRow}>
        <Switch
          label={<FormattedMessage id="settings.opensWarnings" />}
          help={<FormattedMessage id="settings.opensWarnings.help" />}
          checked={settings.opensWarnings}
          onChange={(opensWarnings) => update({ opensWarnings })}
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

function SilencedSection() {
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.moderation.list.queryOptions())
  const { data: words } = useQuery(orpc.moderation.words.queryOptions())
  return (
    <Section id="settings-silenced" title={<FormattedMessage id="settings.silenced" />}>
      <Row
        icon={<VolumeX {...ROW_ICON} />}
        title={<FormattedMessage id="moderation.title" />}
        line={<FormattedMessage id="moderation.line" />}
        badge={
          data && <FormattedMessage id="moderation.badge" values={{ n: data.muted.length + data.blocked.length }} />
        }
        action={
          <Go to={routes.silenced}>
            <FormattedMessage id="settings.open" />
          </Go>
        }
      />
      <Row
        icon={<TextSearch {...ROW_ICON} />}
        title={<FormattedMessage id="mutedWords.title" />}
        line={<FormattedMessage id="mutedWords.line" />}
        badge={words && <FormattedMessage id="mutedWords.badge" values={{ n: words.items.length }} />}
        action={
          <Go to={routes.mutedWords}>
            <FormattedMessage id="settings.open" />
          </Go>
        }
      />
    </Section>
  )
}

function KeyboardSection() {
  const [isOpen, setOpen] = useState(false)
  const { settings, update } = useSettings()
  return (
    <Section id="settings-keyboard" title={<FormattedMessage id="settings.keyboard" />}>
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

import { FormattedMessage } from 'react-intl'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { useSettings } from '../../app/use-settings.ts'
import { Switch } from '../../ui/switch.tsx'
import styles from './network.module.css'

/** Whether others may be told where this computer is, and what either means. */
export function AddressSharing({ role }: { role: NetworkStatus['role'] }) {
  const { settings, update, hasFailed } = useSettings()
  const isSeed = role === 'seed'
  const isShared = isSeed || settings.sharesAddresses
  return (
    <section className={styles.section} aria-labelledby="network-sharing">
      <h2 id="network-sharing" className={styles.sectionTitle}>
        <FormattedMessage id="share.addresses.title" />
      </h2>
      <Switch
        label={<FormattedMessage id="share.addresses" />}
        help={<FormattedMessage id={`share.addresses.${isSeed ? 'seed' : isShared ? 'on' : 'off'}`} />}
        checked={isShared}
        disabled={isSeed}
        onChange={(sharesAddresses) => update({ sharesAddresses })}
      />
      {hasFailed && (
        <p className={styles.waits} role="alert">
          <FormattedMessage id="settings.failed" />
        </p>
      )}
    </section>
  )
}

import { FormattedMessage, useIntl } from 'react-intl'
import { NOTIFICATION_KINDS } from '../../../core/contract/figures.ts'
import type { QuietHours } from '../../../core/contract/settings.ts'
import { formatMinute, parseMinute } from '../../app/quiet-hours.ts'
import { useSettings } from '../../app/use-settings.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { TextField } from '../../ui/field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Section } from './parts.tsx'
import styles from './settings.module.css'

/** What is offered first: ten in the evening to seven. */
const NIGHT: QuietHours = { from: 22 * 60, until: 7 * 60 }

/** What rings the bell, and when nothing does. */
export function NotificationsSection() {
  const { settings, update } = useSettings()
  const { silentKinds, strangersRing, quietHours } = settings
  const ring = (kind: (typeof NOTIFICATION_KINDS)[number], rings: boolean) =>
    update({ silentKinds: NOTIFICATION_KINDS.filter((one) => (one === kind ? !rings : silentKinds.includes(one))) })
  return (
    <Section id="settings-notifications" title={<FormattedMessage id="settings.notifications" />}>
      <fieldset className={styles.choices}>
        <legend className={styles.label}>
          <FormattedMessage id="settings.rings" />
        </legend>
        <p className={styles.help}>
          <FormattedMessage id="settings.rings.help" />
        </p>
        <div className={styles.kinds}>
          {NOTIFICATION_KINDS.map((kind) => (
            <Checkbox
              key={kind}
              label={<FormattedMessage id={`settings.rings.${kind}`} />}
              checked={!silentKinds.includes(kind)}
              onChange={(rings) => ring(kind, rings)}
            />
          ))}
        </div>
      </fieldset>
      <div className={styles.switchRow}>
        <Switch
          label={<FormattedMessage id="settings.strangersRing" />}
          help={<FormattedMessage id="settings.strangersRing.help" />}
          checked={strangersRing}
          onChange={(isOn) => update({ strangersRing: isOn })}
        />
      </div>
      <div className={styles.switchRow}>
        <Switch
          label={<FormattedMessage id="settings.quiet" />}
          help={<FormattedMessage id="settings.quiet.help" />}
          checked={quietHours !== null}
          onChange={(isOn) => update({ quietHours: isOn ? NIGHT : null })}
        />
        {quietHours !== null && <Hours hours={quietHours} onChange={(hours) => update({ quietHours: hours })} />}
      </div>
    </Section>
  )
}

function Hours({ hours, onChange }: { hours: QuietHours; onChange: (hours: QuietHours) => void }) {
  const intl = useIntl()
  const isEmpty = hours.from === hours.until
  return (
    <div className={styles.hours}>
      {(['from', 'until'] as const).map((end) => (
        <TextField
          key={end}
          type="time"
          label={intl.formatMessage({ id: `settings.quiet.${end}` })}
          defaultValue={formatMinute(hours[end])}
          onChange={(event) => {
            const minute = parseMinute(event.currentTarget.value)
            if (minute !== null) onChange({ ...hours, [end]: minute })
          }}
        />
      ))}
      {isEmpty && (
        <p className={styles.help}>
          <FormattedMessage id="settings.quiet.always" />
        </p>
      )}
    </div>
  )
}

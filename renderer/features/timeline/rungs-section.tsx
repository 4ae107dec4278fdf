import { FormattedMessage } from 'react-intl'
import { useSettings } from '../../app/use-settings.ts'
import { Switch } from '../../ui/switch.tsx'
import { Section } from '../settings/parts.tsx'
import styles from '../settings/settings.module.css'
import { RUNGS } from './rungs.ts'

/** Which rungs stand below home. */
export function RungsSection() {
  const { settings, update } = useSettings()
  const { hiddenRungs } = settings
  return (
    <Section id="settings-beyond" title={<FormattedMessage id="settings.beyond" />}>
      {RUNGS.map((rung) => (
        <div key={rung} className={styles.switchRow}>
          <Switch
            label={<FormattedMessage id={`settings.beyond.${rung}`} />}
            help={<FormattedMessage id={`settings.beyond.${rung}.help`} />}
            checked={!hiddenRungs.includes(rung)}
            onChange={(isShown) => {
              const others = hiddenRungs.filter((one) => one !== rung)
              update({ hiddenRungs: isShown ? others : [...others, rung] })
            }}
          />
        </div>
      ))}
    </Section>
  )
}

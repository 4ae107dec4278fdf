import { FormattedMessage, useIntl } from 'react-intl'
import { TextField } from '../../ui/field.tsx'

/** Longest name that fits 64 bytes in any script. */
const MAX_LENGTH = 16

/** How the other devices will call this computer. May be left empty: then the system's name stands. */
export function DeviceNameField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const intl = useIntl()
  return (
    <TextField
      label={intl.formatMessage({ id: 'account.device' })}
      help={<FormattedMessage id="account.device.help" />}
      placeholder={intl.formatMessage({ id: 'account.device.example' })}
      autoComplete="off"
      maxLength={MAX_LENGTH * 2}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

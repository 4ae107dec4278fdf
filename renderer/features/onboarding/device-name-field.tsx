import { FormattedMessage, useIntl } from 'react-intl'
import { TextField } from '../../ui/field.tsx'

/** As many bytes of UTF-8 are taken; the node says so where other scripts need more. */
const MAX_LENGTH = 64

/** How the other devices will call this computer. May be left empty: then the system's name stands. */
export function DeviceNameField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const intl = useIntl()
  return (
    <TextField
      label={intl.formatMessage({ id: 'account.device' })}
      help={<FormattedMessage id="account.device.help" />}
      placeholder={intl.formatMessage({ id: 'account.device.example' })}
      autoComplete="off"
      maxLength={MAX_LENGTH}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

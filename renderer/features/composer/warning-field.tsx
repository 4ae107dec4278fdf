import { EyeOff } from 'lucide-react'
import { useIntl } from 'react-intl'
import { MAX_WARNING_BYTES } from '../../../core/record/limits.ts'
import { TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { countBytes } from './text-budget.ts'

export interface WarningProps {
  warning: string
  isWarned: boolean
  onChange: (warning: string, isWarned: boolean) => void
}

/** Bytes that the warning is over its limit; 0 or less when it fits. */
export function warningExcess(warning: string): number {
  return countBytes(warning.trim()) - MAX_WARNING_BYTES
}

/** Puts a content warning in front of the post or takes it off; its words are kept for the next time. */
export function WarningToggle({ warning, isWarned, onChange }: WarningProps) {
  const intl = useIntl()
  return (
    <IconButton
      label={intl.formatMessage({ id: 'composer.warn' })}
      pressed={isWarned}
      icon={<EyeOff size={20} strokeWidth={1.75} aria-hidden />}
      onClick={() => onChange(warning, !isWarned)}
    />
  )
}

/** The words of the warning, above what it warns of. */
export function WarningField({ warning, isWarned, onChange }: WarningProps) {
  const intl = useIntl()
  if (!isWarned) return null
  const over = warningExcess(warning)
  return (
    <TextField
      label={intl.formatMessage({ id: 'composer.warning' })}
      placeholder={intl.formatMessage({ id: 'composer.warningPlaceholder' })}
      help={intl.formatMessage({ id: 'composer.warningHelp' })}
      error={over > 0 ? intl.formatMessage({ id: 'composer.warningLong' }, { over }) : undefined}
      value={warning}
      dir="auto"
      autoComplete="off"
      autoFocus={warning === ''}
      onChange={(event) => onChange(event.currentTarget.value, true)}
    />
  )
}

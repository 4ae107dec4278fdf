import { type FormEvent, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { MAX_TRAFFIC_CAP_BYTES, MIN_TRAFFIC_CAP_BYTES } from '../../../core/contract/figures.ts'
import type { NetworkStatus } from '../../../core/contract/views.ts'
import { useSettings } from '../../app/use-settings.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Switch } from '../../ui/switch.tsx'
import network from '../network/network.module.css'
import styles from './storage.module.css'

const MEGABYTE = 1_000_000

/** For connections that are paid by the byte: whether pictures come by themselves, and up to how much a day. */
export function SavingSection({ saving }: { saving: NetworkStatus['saving'] }) {
  const { settings, update, hasFailed } = useSettings()
  return (
    <section className={network.section} aria-labelledby="network-saving">
      <h2 id="network-saving" className={network.sectionTitle}>
        <FormattedMessage id="saving.title" />
      </h2>
      {saving === 'cap' && (
        <p className={network.waits} role="status">
          <FormattedMessage id="saving.reached" />
        </p>
      )}
      <Switch
        label={<FormattedMessage id="saving.asked" />}
        help={<FormattedMessage id="saving.asked.help" />}
        checked={settings.pictures === 'asked'}
        onChange={(isOn) => update({ pictures: isOn ? 'asked' : 'always' })}
      />
      {settings.pictures === 'always' && (
        <CapForm
          key={String(settings.trafficCapBytes)}
          cap={settings.trafficCapBytes}
          onChange={(trafficCapBytes) => update({ trafficCapBytes })}
        />
      )}
      {hasFailed && (
        <p className={network.waits} role="alert">
          <FormattedMessage id="settings.failed" />
        </p>
      )}
    </section>
  )
}

function CapForm({ cap, onChange }: { cap: number | null; onChange: (cap: number | null) => void }) {
  const intl = useIntl()
  const before = cap === null ? '' : String(Math.round(cap / MEGABYTE))
  const [text, setText] = useState(before)
  const [isBad, setBad] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const next = readCap(text)
    setBad(next === undefined)
    if (next !== undefined && next !== cap) onChange(next)
  }
  return (
    <form onSubmit={submit} className={styles.budgets} noValidate>
      <TextField
        label={intl.formatMessage({ id: 'saving.cap' })}
        help={<FormattedMessage id="saving.cap.help" />}
        error={isBad ? intl.formatMessage({ id: 'saving.bad' }) : undefined}
        inputMode="numeric"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" disabled={text === before}>
        <FormattedMessage id="saving.change" />
      </Button>
    </form>
  )
}

/** Megabytes as bytes; null for an empty field, which is no cap; undefined for what is none, too little or too much. */
export function readCap(text: string): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^\d{1,9}$/u.test(trimmed)) return undefined
  const bytes = Number(trimmed) * MEGABYTE
  return bytes >= MIN_TRAFFIC_CAP_BYTES && bytes <= MAX_TRAFFIC_CAP_BYTES ? bytes : undefined
}

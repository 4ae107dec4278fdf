import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { DeviceView } from '../../../core/contract/accounts.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Failure } from '../account/notes.tsx'
import { type Point, Points } from '../account/points.tsx'
import { SecretField, useSecret } from '../account/secret-field.tsx'
import { type Task, useTask } from '../account/use-task.ts'
import { countBytes } from '../composer/text-budget.ts'
import styles from './devices.module.css'
import { SealChoiceField, useSealChoice } from './seal-choice.tsx'

export type DeviceAct = 'rename' | 'retire' | 'revoke' | 'reseal' | 'restore'

/** Bytes of UTF-8 in the name of a device. */
const MAX_NAME_BYTES = 64

export interface DeviceDialogProps {
  act: DeviceAct
  device: DeviceView
  onClose: () => void
}

/** Asks before anything is signed, and says what it means. */
export function DeviceDialog({ act, device, onClose }: DeviceDialogProps) {
  const toast = useToast()
  const intl = useIntl()
  const { orpc } = useRpc()
  const queryClient = useQueryClient()
  const finish = () => {
    for (const queryKey of [orpc.devices.key(), orpc.recovery.key(), orpc.account.key()]) {
      void queryClient.invalidateQueries({ queryKey })
    }
    onClose()
    toast({ text: intl.formatMessage({ id: `devices.done.${act}` }, { name: device.name }) })
  }
  const props = { device, onClose, onDone: finish }
  if (act === 'rename') return <RenameDialog {...props} />
  if (act === 'retire') return <RetireDialog {...props} />
  if (act === 'restore') return <RestoreDialog {...props} />
  return <SealDialog {...props} act={act} />
}

interface PartProps {
  device: DeviceView
  onClose: () => void
  onDone: () => void
}

function RenameDialog({ device, onClose, onDone }: PartProps) {
  const intl = useIntl()
  const { client } = useRpc()
  const task = useTask()
  const [name, setName] = useState(device.name)
  const [problem, setProblem] = useState<string>()
  const submit = async () => {
    const trimmed = name.trim()
    if (trimmed === '') return setProblem(intl.formatMessage({ id: 'devices.name.empty' }))
    const bytes = countBytes(trimmed)
    if (bytes > MAX_NAME_BYTES) return setProblem(intl.formatMessage({ id: 'devices.name.long' }, { bytes }))
    setProblem(undefined)
    if (await task.run(() => client.devices.rename({ peerId: device.peerId, name: trimmed }))) onDone()
  }
  return (
    <ActDialog act="rename" device={device} task={task} onClose={onClose} onSubmit={submit}>
      <TextField
        label={intl.formatMessage({ id: 'devices.name' })}
        help={<FormattedMessage id="devices.name.help" />}
        error={problem}
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </ActDialog>
  )
}

function RetireDialog({ device, onClose, onDone }: PartProps) {
  const { client } = useRpc()
  const task = useTask()
  const submit = async () => {
    if (await task.run(() => client.devices.retire())) onDone()
  }
  return (
    <ActDialog act="retire" device={device} task={task} onClose={onClose} onSubmit={submit} isDanger>
      <Points items={pointsOf('retire', ['stays', 'ends', 'keys'])} />
    </ActDialog>
  )
}

/** Revokes a device, or moves the seal of one that is revoked. */
function SealDialog({ act, device, onClose, onDone }: PartProps & { act: 'revoke' | 'reseal' }) {
  const { client } = useRpc()
  const task = useTask()
  const secret = useSecret()
  const choice = useSealChoice()
  const submit = async () => {
    const place = choice.read()
    const given = secret.read()
    if (given === undefined || place === undefined) return
    if (await task.run(() => client.devices.revoke({ peerId: device.peerId, secret: given, ...place }))) onDone()
  }
  return (
    <ActDialog act={act} device={device} task={task} onClose={onClose} onSubmit={submit} isDanger>
      {act === 'revoke' && <Points items={pointsOf('revoke', ['ends', 'read', 'back'])} />}
      <SealChoiceField device={device} choice={choice} />
      <p className={styles.small}>
        <FormattedMessage id="devices.seal.note" />
      </p>
      <SecretField secret={secret} />
    </ActDialog>
  )
}

function RestoreDialog({ device, onClose, onDone }: PartProps) {
  const { client } = useRpc()
  const task = useTask()
  const secret = useSecret()
  const submit = async () => {
    const given = secret.read()
    if (given === undefined) return
    if (await task.run(() => client.devices.restore({ peerId: device.peerId, secret: given }))) onDone()
  }
  return (
    <ActDialog act="restore" device={device} task={task} onClose={onClose} onSubmit={submit}>
      <Points items={pointsOf('restore', ['shown', 'goes', 'thief'])} />
      <SecretField secret={secret} />
    </ActDialog>
  )
}

const TONES: Readonly<Record<string, Point['tone']>> = {
  stays: 'good',
  shown: 'good',
  goes: 'good',
  back: 'good',
  ends: 'danger',
  read: 'warn',
  keys: 'warn',
  thief: 'warn',
}

function pointsOf(act: DeviceAct, names: readonly string[]): Point[] {
  return names.map((name) => ({
    key: name,
    tone: TONES[name] ?? 'plain',
    text: <FormattedMessage id={`devices.${act}.${name}`} />,
  }))
}

interface ActDialogProps {
  act: DeviceAct
  device: DeviceView
  task: Task
  isDanger?: boolean
  onClose: () => void
  onSubmit: () => Promise<void>
  children: ReactNode
}

function ActDialog({ act, device, task, isDanger = false, onClose, onSubmit, children }: ActDialogProps) {
  const intl = useIntl()
  const form = useId()
  const send = (event: FormEvent) => {
    event.preventDefault()
    void onSubmit()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: `devices.ask.${act}` }, { name: device.name })}
      footer={
        <>
          <Button onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button
            type="submit"
            form={form}
            kind={isDanger ? 'danger' : 'primary'}
            filled={isDanger}
            busy={task.isBusy ? intl.formatMessage({ id: 'devices.signing' }) : undefined}
          >
            <FormattedMessage id={`devices.confirm.${act}`} />
          </Button>
        </>
      }
    >
      <form id={form} className={styles.dialog} onSubmit={send} noValidate autoComplete="off">
        {children}
        <Failure text={task.failure} />
      </form>
    </Dialog>
  )
}

import { Laptop, Monitor } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { DeviceView } from '../../../core/contract/accounts.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { Button } from '../../ui/button.tsx'
import { formatAgo } from '../../ui/format-ago.ts'
import { Note } from '../account/notes.tsx'
import { ROW_ICON, Row } from '../settings/parts.tsx'
import type { DeviceAct } from './device-dialogs.tsx'
import styles from './devices.module.css'

export interface DeviceRowProps {
  device: DeviceView
  all: readonly DeviceView[]
  onAsk: (act: DeviceAct, device: DeviceView) => void
}

/** A device in use is renamed, retired where it is this one, revoked where it is another; the others come back, and a seal is moved. */
function actsOf(device: DeviceView): DeviceAct[] {
  if (device.status === 'sealed') return ['reseal', 'restore']
  if (device.status === 'retired') return ['restore']
  return ['rename', device.isThis ? 'retire' : 'revoke']
}

export function DeviceRow({ device, all, onAsk }: DeviceRowProps) {
  const intl = useIntl()
  const { status, isThis, contested, forked, former, name } = device
  const isFormer = former && status === 'active'
  const isTrouble = contested || forked || isFormer
  const badge = isTrouble ? (contested && !forked ? 'contested' : 'forked') : status
  return (
    <Row
      icon={isThis ? <Monitor {...ROW_ICON} /> : <Laptop {...ROW_ICON} />}
      tone={isTrouble ? 'warn' : status === 'active' ? 'good' : 'idle'}
      title={<bdi>{name}</bdi>}
      line={<DeviceLine device={device} all={all} />}
      badge={<FormattedMessage id={`devices.badge.${badge}`} />}
      action={
        <span className={styles.acts}>
          {actsOf(device).map((act) => (
            <Button
              key={act}
              size="small"
              kind={act === 'rename' || act === 'reseal' ? 'quiet' : act === 'restore' ? 'secondary' : 'danger'}
              aria-label={intl.formatMessage(
                { id: 'devices.act.of' },
                { act: intl.formatMessage({ id: `devices.act.${act}` }), name },
              )}
              onClick={() => onAsk(act, device)}
            >
              <FormattedMessage id={`devices.act.${act}`} />
            </Button>
          ))}
        </span>
      }
    >
      {(forked || isFormer) && (
        <Note tone="warn">
          <p>
            <FormattedMessage
              id={isFormer ? 'devices.wasThis.note' : isThis ? 'devices.forked.this' : 'devices.forked'}
            />
          </p>
        </Note>
      )}
      {contested && (
        <Note tone="warn">
          <p>
            <FormattedMessage id={status === 'active' ? 'devices.contested' : 'devices.contested.former'} />
          </p>
        </Note>
      )}
    </Row>
  )
}

function DeviceLine({ device, all }: { device: DeviceView; all: readonly DeviceView[] }) {
  const intl = useIntl()
  const { isThis, former, lastSignedAt, records, hidden, peerId, addedBy, status } = device
  const adder = all.find((other) => other.peerId === addedBy[0])
  const parts = [
    isThis && <FormattedMessage key="this" id="devices.this" />,
    former && <FormattedMessage key="former" id="devices.wasThis" />,
    lastSignedAt !== null ? (
      <FormattedMessage key="signed" id="devices.signed" values={{ when: formatAgo(intl, lastSignedAt, Date.now()) }} />
    ) : (
      <FormattedMessage key="signed" id="devices.silent" />
    ),
    records > 0 && <FormattedMessage key="records" id="devices.records" values={{ n: records }} />,
    status === 'sealed' && hidden > 0 && <FormattedMessage key="hidden" id="devices.hidden" values={{ n: hidden }} />,
    adder !== undefined && (
      <FormattedMessage key="added" id="devices.addedBy" values={{ name: <bdi>{adder.name}</bdi> }} />
    ),
    <span key="id" dir="ltr" className={styles.id}>
      {shortPeerId(peerId)}
    </span>,
  ].filter((part) => part !== false)
  return (
    <>
      {parts.map((part, index) => (
        <span key={part.key}>
          {index > 0 && ' · '}
          {part}
        </span>
      ))}
    </>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CopyX } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { DeviceReplacement } from '../../../core/contract/accounts.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDue } from '../../ui/format-moment.ts'
import { Failure } from '../account/notes.tsx'
import { Points } from '../account/points.tsx'
import { useTask } from '../account/use-task.ts'
import styles from './devices.module.css'

/** On every page after this computer took a new key by itself, until somebody has dismissed it; the node remembers that. */
export function ReplacedNotice() {
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.devices.replaced.queryOptions())
  const replaced = data?.replaced ?? null
  return <div role="status">{replaced !== null && <Notice key={replaced.to} replaced={replaced} />}</div>
}

function Notice({ replaced }: { replaced: DeviceReplacement }) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [location, navigate] = useLocation()
  const task = useTask()
  const dismiss = async () => {
    if ((await task.run(() => client.devices.dismissReplaced({ peerId: replaced.to }))) === undefined) return
    void queryClient.invalidateQueries({ queryKey: orpc.devices.key() })
  }
  const former = (
    <span key="former" dir="ltr" className={styles.id}>
      {shortPeerId(replaced.from)}
    </span>
  )
  return (
    <section className={styles.replaced} aria-labelledby="device-replaced">
      <CopyX size={22} strokeWidth={1.75} aria-hidden />
      <div className={styles.replacedWords}>
        <h2 className={styles.replacedTitle} id="device-replaced">
          <FormattedMessage id="devices.replaced.title" />
        </h2>
        <p className={styles.replacedLine}>
          <FormattedMessage id="devices.replaced.line" values={{ when: formatDue(intl, replaced.at) }} />
        </p>
        <Points
          items={[
            { key: 'kept', tone: 'good', text: <FormattedMessage id="devices.replaced.kept" /> },
            { key: 'known', tone: 'warn', text: <FormattedMessage id="devices.replaced.known" /> },
            {
              key: 'unknown',
              tone: 'warn',
              text: <FormattedMessage id="devices.replaced.unknown" values={{ former }} />,
            },
          ]}
        />
        <Failure text={task.failure} />
        <div className={styles.replacedActions}>
          {location !== routes.devices && (
            <Button size="small" onClick={() => navigate(routes.devices)}>
              <FormattedMessage id="devices.replaced.devices" />
            </Button>
          )}
          {location !== routes.newWords && (
            <Button size="small" onClick={() => navigate(routes.newWords)}>
              <FormattedMessage id="devices.replaced.words" />
            </Button>
          )}
          <Button
            size="small"
            kind="quiet"
            busy={task.isBusy ? intl.formatMessage({ id: 'devices.replaced.dismissing' }) : undefined}
            onClick={() => void dismiss()}
          >
            <FormattedMessage id="devices.replaced.dismiss" />
          </Button>
        </div>
      </div>
    </section>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldAlert } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link } from 'wouter'
import type { GuardianRequest } from '../../../core/contract/accounts.ts'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDue } from '../../ui/format-moment.ts'
import { useToast } from '../../ui/toast.tsx'
import { Failure } from '../account/notes.tsx'
import { useTask } from '../account/use-task.ts'
import styles from './guardians.module.css'

/** On every page while guardians are asked to give this account away: who, when, and the one thing to do. */
export function AlarmBanner() {
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.guardians.list.queryOptions())
  const alarms = data?.alarms.filter(({ state }) => state !== 'vetoed') ?? []
  return (
    <div role="alert">
      {alarms.map((alarm) => (
        <Alarm key={alarm.id} alarm={alarm} />
      ))}
    </div>
  )
}

function Alarm({ alarm }: { alarm: GuardianRequest }) {
  const intl = useIntl()
  const toast = useToast()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const isOver = alarm.state === 'done'
  const stop = async () => {
    if ((await task.run(() => client.guardians.veto({ id: alarm.id }))) === undefined) return
    toast({ text: intl.formatMessage({ id: 'alarm.stopped' }) })
    void queryClient.invalidateQueries({ queryKey: orpc.guardians.key() })
  }
  return (
    <section className={styles.alarm} aria-labelledby={`alarm-${alarm.id}`}>
      <ShieldAlert size={22} strokeWidth={1.75} aria-hidden />
      <div className={styles.alarmWords}>
        <h2 className={styles.alarmTitle} id={`alarm-${alarm.id}`}>
          <FormattedMessage
            id={isOver ? 'alarm.over' : 'alarm.title'}
            values={{ n: alarm.guardians, device: <bdi>{alarm.device}</bdi> }}
          />
        </h2>
        <p className={styles.alarmLine}>
          <FormattedMessage
            id={isOver ? 'alarm.over.line' : 'alarm.line'}
            values={{ when: <b>{formatDue(intl, alarm.dueAt)}</b> }}
          />
        </p>
        <Failure text={task.failure} />
        <div className={styles.alarmActions}>
          {isOver ? (
            <Link href={routes.devices}>
              <FormattedMessage id="alarm.over.action" />
            </Link>
          ) : (
            <>
              <Button
                kind="danger"
                filled
                busy={task.isBusy ? intl.formatMessage({ id: 'alarm.stopping' }) : undefined}
                onClick={() => void stop()}
              >
                <FormattedMessage id="alarm.stop" />
              </Button>
              <span className={styles.alarmSmall}>
                <FormattedMessage id="alarm.own" values={{ code: <span dir="ltr">{alarm.code}</span> }} />
              </span>
            </>
          )}
        </div>
      </div>
    </section>
  )
}

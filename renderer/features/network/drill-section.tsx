import { Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Drill } from '../../../core/contract/drill.ts'
import { Button } from '../../ui/button.tsx'
import { formatMoment } from '../../ui/format-moment.ts'
import { Progress } from '../../ui/progress.tsx'
import styles from './drill.module.css'
import { DrillDialog } from './drill-dialog.tsx'
import { DrillReport } from './drill-report.tsx'
import network from './network.module.css'
import { useDrill } from './use-drill.ts'

/** A blackout on purpose: what it is, how far it is, and what the last one found. */
export function DrillSection() {
  const access = useDrill()
  const [isAsking, setAsking] = useState(false)
  const { drill } = access
  const isRunning = drill?.state === 'running'
  return (
    <section className={network.section} aria-labelledby="network-drill">
      <h2 id="network-drill" className={network.sectionTitle}>
        <FormattedMessage id="drill.title" />
      </h2>
      {isRunning ? (
        <Running drill={drill} onEnd={access.end} isEnding={access.isEnding} />
      ) : (
        <>
          <p className={network.none}>
            <FormattedMessage id="drill.about" />
          </p>
          {drill != null && <Found drill={drill} />}
          <div className={styles.actions}>
            <Button icon={<Unplug size={16} strokeWidth={1.9} aria-hidden />} onClick={() => setAsking(true)}>
              <FormattedMessage id={drill == null ? 'drill.open' : 'drill.again'} />
            </Button>
          </div>
        </>
      )}
      <DrillDialog access={access} open={isAsking} onClose={() => setAsking(false)} />
    </section>
  )
}

function Running({ drill, onEnd, isEnding }: { drill: Drill; onEnd: () => void; isEnding: boolean }) {
  const intl = useIntl()
  const now = useNow()
  const { cut, startedAt, endsAt, peers, received } = drill
  const leftSeconds = Math.max(0, Math.ceil((endsAt - now) / 1_000))
  const left = `${Math.floor(leftSeconds / 60)}:${String(leftSeconds % 60).padStart(2, '0')}`
  return (
    <div className={styles.running}>
      <p className={styles.state}>
        <span>
          <FormattedMessage id="drill.running" values={{ cut }} />
        </span>
        <span className={styles.left}>
          <FormattedMessage id="drill.left" values={{ left }} />
        </span>
      </p>
      <Progress label={intl.formatMessage({ id: 'drill.bar' })} value={now - startedAt} max={endsAt - startedAt} />
      <p className={network.none}>
        <FormattedMessage id="drill.live" values={{ peers: peers.last, records: received }} />
      </p>
      <div className={styles.actions}>
        <Button onClick={onEnd} busy={isEnding ? intl.formatMessage({ id: 'drill.stop.busy' }) : undefined}>
          <FormattedMessage id="drill.stop" />
        </Button>
      </div>
    </div>
  )
}

function Found({ drill }: { drill: Drill }) {
  const intl = useIntl()
  const { cut, state, startedAt, endsAt } = drill
  return (
    <div className={styles.found}>
      <h3 className={network.small}>
        <FormattedMessage id="drill.report" values={{ when: formatMoment(intl, startedAt) }} />
      </h3>
      <p className={network.none}>
        <FormattedMessage
          id="drill.report.span"
          values={{ seconds: Math.max(1, Math.round((endsAt - startedAt) / 1_000)), cut }}
        />
        {state === 'returning' && (
          <>
            {' '}
            <FormattedMessage id="drill.returning" />
          </>
        )}
      </p>
      <DrillReport drill={drill} />
    </div>
  )
}

/** Milliseconds since 1970, each second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

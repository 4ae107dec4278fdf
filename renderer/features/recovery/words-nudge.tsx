import { useQuery } from '@tanstack/react-query'
import { NotebookText } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { useLocation } from 'wouter'
import { routes } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './recovery.module.css'

/** Put off until the program starts again; not kept, because it matters. */
let isPutOff = false

/** On top of home after the first post, until the words are confirmed. */
export function WordsNudge() {
  const { orpc } = useRpc()
  const [location, navigate] = useLocation()
  const [isHidden, setHidden] = useState(isPutOff)
  const { data: account } = useQuery(orpc.account.get.queryOptions())
  const { data: profile } = useQuery(orpc.profiles.get.queryOptions({ input: {} }))
  const hasSpoken = (profile?.counts.posts ?? 0) > 0
  if (isHidden || location !== routes.home || account?.wordsPending !== true || !hasSpoken) return null
  const putOff = () => {
    isPutOff = true
    setHidden(true)
  }
  return (
    <section className={styles.nudge} aria-labelledby="words-nudge">
      <NotebookText size={22} strokeWidth={1.75} aria-hidden />
      <div className={styles.nudgeWords}>
        <h2 id="words-nudge" className={styles.nudgeTitle}>
          <FormattedMessage id="words.nudge.title" />
        </h2>
        <p className={styles.nudgeLine}>
          <FormattedMessage id="words.nudge.line" />
        </p>
        <div className={styles.nudgeActions}>
          <Button size="small" onClick={() => navigate(routes.words)}>
            <FormattedMessage id="words.nudge.action" />
          </Button>
          <Button kind="quiet" size="small" onClick={putOff}>
            <FormattedMessage id="words.nudge.later" />
          </Button>
        </div>
      </div>
    </section>
  )
}

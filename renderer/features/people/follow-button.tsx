import { Check, Clock, Plus } from 'lucide-react'
import { useIntl } from 'react-intl'
import type { FollowState } from '../../../core/contract/views.ts'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './people.module.css'
import { useCalled } from './use-called.ts'
import { useFollow } from './use-follow.ts'

export interface FollowButtonProps {
  profile: string
  name: string
  follow: FollowState
  /** Filled where it is the one thing to do on the page. */
  isMain?: boolean
  size?: 'small' | 'normal'
}

export function FollowButton({ profile, name, follow, isMain = false, size = 'normal' }: FollowButtonProps) {
  const intl = useIntl()
  const called = useCalled()
  const toast = useToast()
  const { state, failure, change } = useFollow(profile, follow)

  const stop = async () => {
    if (!(await change(false))) return
    toast({
      text: intl.formatMessage({ id: 'people.unfollowed' }, { name: called({ profile, name }) }),
      action: { label: intl.formatMessage({ id: 'ui.undo' }), onSelect: () => void change(true, sayNotChanged) },
    })
  }
  /** In the list of those who are followed the row is gone by then, and what it would say with it. */
  const sayNotChanged = (reason: string) => toast({ text: notChanged(reason), isFailure: true })
  const notChanged = (reason: string) => intl.formatMessage({ id: 'people.followFailed' }, { cause: reason })

  return (
    <span>
      {state === 'none' && (
        <Button
          kind={isMain ? 'primary' : 'secondary'}
          size={size}
          icon={isMain ? <Plus size={18} strokeWidth={2.2} aria-hidden /> : undefined}
          onClick={() => void change(true)}
        >
          {intl.formatMessage({ id: 'people.follow' })}
        </Button>
      )}
      {state === 'pending' && (
        <Button
          size={size}
          icon={<Clock size={16} strokeWidth={1.75} className={styles.waits} aria-hidden />}
          title={intl.formatMessage({ id: 'people.pendingHint' })}
          aria-pressed
          onClick={() => void change(false)}
        >
          {intl.formatMessage({ id: 'people.pending' })}
        </Button>
      )}
      {state === 'following' && (
        <Button
          size={size}
          icon={<Check size={18} strokeWidth={2} aria-hidden />}
          aria-pressed
          onClick={() => void stop()}
        >
          {intl.formatMessage({ id: 'people.following' })}
        </Button>
      )}
      {failure !== undefined && (
        <span className={styles.failure} role="alert">
          {notChanged(failure)}
        </span>
      )}
    </span>
  )
}

import { FormattedMessage } from 'react-intl'
import type { Account } from '../../../core/contract/views.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../account/notes.tsx'
import { RestoreChecklist } from '../recovery/restore-checklist.tsx'
import { useRecovery } from '../recovery/use-recovery.ts'
import styles from './onboarding.module.css'
import { StepFrame } from './step-frame.tsx'

/** The account is here and what it wrote is coming. Nobody has to wait for it. */
export function ReturnStep({ account, onDone }: { account: Account; onDone: () => void }) {
  const status = useRecovery()
  const isKnown = status !== undefined && status.step !== 'none'
  const isDone = status?.step === 'done'
  // A device that was linked has its records by sync like any other; nobody counts them.
  const title = isKnown ? `restore.title.${isDone ? 'done' : 'restoring'}` : 'onboarding.link.done'
  const lead = isKnown ? `onboarding.return.${isDone ? 'done' : 'lead'}` : 'onboarding.link.done.line'
  return (
    <StepFrame
      title={<FormattedMessage id={title} />}
      lead={<FormattedMessage id={lead} />}
      actions={
        <Button kind="primary" size="main" onClick={onDone}>
          <FormattedMessage id="onboarding.enter" />
        </Button>
      }
    >
      {isKnown && (
        <div className={styles.fields}>
          <RestoreChecklist status={status} />
          {(account.wordsPending || status.by === 'paper' || status.by === 'guardians') && (
            <Note tone="warn">
              {status.by === 'paper' && (
                <p>
                  <FormattedMessage id="onboarding.return.paper" />
                </p>
              )}
              {account.wordsPending && (
                <p>
                  <FormattedMessage id="onboarding.return.words" />
                </p>
              )}
              {status.by === 'guardians' && (
                <p>
                  <FormattedMessage id="onboarding.return.guardians" />
                </p>
              )}
            </Note>
          )}
        </div>
      )}
    </StepFrame>
  )
}

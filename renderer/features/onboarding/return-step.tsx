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
  return (
    <StepFrame
      title={<FormattedMessage id={isDone ? 'restore.title.done' : 'restore.title.restoring'} />}
      lead={<FormattedMessage id={isDone ? 'onboarding.return.done' : 'onboarding.return.lead'} />}
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

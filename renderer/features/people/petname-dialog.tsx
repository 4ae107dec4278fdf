import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { MAX_NAME_BYTES } from '../../../core/record/limits.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useTask } from '../account/use-task.ts'
import { countBytes } from '../composer/text-budget.ts'
import { calledName } from './called-name.ts'
import styles from './people.module.css'
import { usePetnames } from './use-called.ts'

export interface PetnameDialogProps {
  person: { profile: string; name: string }
  onClose: () => void
}

/** A name of one's own for somebody, which nobody else learns of; left empty, they are called as they call themselves. */
export function PetnameDialog({ person, onClose }: PetnameDialogProps) {
  const intl = useIntl()
  const id = useId()
  const cache = useQueryClient()
  const { client, orpc } = useRpc()
  const held = usePetnames().get(person.profile) ?? ''
  const [name, setName] = useState(held)
  const { run, isBusy, failure } = useTask()
  const isLong = countBytes(name.trim()) > MAX_NAME_BYTES
  const save = async (said: string) => {
    if (isLong) return
    const isDone = await run(() => client.profiles.setPetname({ profile: person.profile, name: said.trim() }))
    if (isDone === undefined) return
    await cache.invalidateQueries({ queryKey: orpc.profiles.petnames.key() })
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save(name)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'people.petname.title' }, { name: calledName(person) })}
      footer={
        <>
          {held !== '' && (
            <Button kind="quiet" disabled={isBusy} onClick={() => void save('')}>
              <FormattedMessage id="people.petname.remove" />
            </Button>
          )}
          <Button onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button
            kind="primary"
            type="submit"
            form={id}
            disabled={isLong}
            busy={isBusy ? intl.formatMessage({ id: 'people.petname.saving' }) : undefined}
          >
            <FormattedMessage id="people.petname.save" />
          </Button>
        </>
      }
    >
      <form id={id} className={styles.petnameForm} onSubmit={submit}>
        <TextField
          label={intl.formatMessage({ id: 'people.petname.field' })}
          help={<FormattedMessage id="people.petname.help" />}
          error={isLong ? intl.formatMessage({ id: 'people.petname.long' }) : undefined}
          value={name}
          dir="auto"
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {failure !== undefined && (
          <p className={styles.petnameFailed} role="alert">
            <FormattedMessage id="people.petname.failed" values={{ cause: failure }} />
          </p>
        )}
      </form>
    </Dialog>
  )
}

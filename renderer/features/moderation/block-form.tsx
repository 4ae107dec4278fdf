import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { parsePerson } from '../people/parse-person.ts'
import { useCalled } from '../people/use-called.ts'
import { useMe } from '../people/use-me.ts'
import { BlockDialog } from './block-dialog.tsx'
import styles from './moderation.module.css'
import { useSilencing } from './use-silencing.ts'

/** Blocks somebody by what identifies them, whether anything of them is here or not. */
export function BlockForm() {
  const intl = useIntl()
  const me = useMe()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const [asked, setAsked] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = parsePerson(text)
    const isMe = found !== undefined && found.profile === me?.profile
    const fault = isMe ? 'people.ownAddress' : found === undefined ? 'people.badAddress' : undefined
    setError(fault && intl.formatMessage({ id: fault }))
    if (fault === undefined) setAsked(found?.profile)
  }
  const done = () => {
    setText('')
    setAsked(undefined)
  }
  return (
    <form className={styles.blockForm} onSubmit={submit}>
      <TextField
        label={intl.formatMessage({ id: 'moderation.blockBy' })}
        help={<FormattedMessage id="moderation.blockBy.help" />}
        error={error}
        value={text}
        dir="ltr"
        maxLength={2_048}
        autoComplete="off"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" disabled={text.trim() === ''}>
        <FormattedMessage id="moderation.blockBy.ask" />
      </Button>
      {asked !== undefined && <Ask profile={asked} onDone={done} onClose={() => setAsked(undefined)} />}
    </form>
  )
}

function Ask({ profile, onDone, onClose }: { profile: string; onDone: () => void; onClose: () => void }) {
  const { orpc } = useRpc()
  const called = useCalled()
  const { data } = useQuery(orpc.profiles.get.queryOptions({ input: { profile } }))
  const person = { profile, name: data?.name ?? '' }
  const { act, isBusy, failure } = useSilencing(person)
  const block = async () => {
    const isDone = await act('block')
    if (isDone) onDone()
    return isDone
  }
  return <BlockDialog name={called(person)} isBusy={isBusy} failure={failure} block={block} onClose={onClose} />
}

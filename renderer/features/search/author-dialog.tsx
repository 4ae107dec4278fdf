import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { readyUrl } from '../media/media-url.ts'
import { parsePerson } from '../people/parse-person.ts'
import { useCalled } from '../people/use-called.ts'
import { useMe } from '../people/use-me.ts'
import styles from './search.module.css'

/** People who are offered at once; more typing leaves fewer. */
const MAX_OFFERED = 8

export interface AuthorDialogProps {
  onChoose: (profile: string) => void
  onClose: () => void
}

/** Whose posts: oneself or somebody who is followed, by their name or one's own for them, or anybody by a pasted peer ID. */
export function AuthorDialog({ onChoose, onClose }: AuthorDialogProps) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const called = useCalled()
  const me = useMe()
  const { data } = useQuery(orpc.follows.list.queryOptions())
  const [text, setText] = useState('')
  const pasted = parsePerson(text)
  const own = me === undefined ? [] : [{ profile: me.profile, name: me.name, avatar: null }]
  const people = [...own, ...(data?.items ?? [])]
  const wanted = fold(text)
  const offered =
    pasted !== undefined
      ? [people.find(({ profile }) => profile === pasted.profile) ?? { ...pasted, name: '', avatar: null }]
      : people.filter((person) => fold(`${called(person)} ${person.name}`).includes(wanted)).slice(0, MAX_OFFERED)
  const choose = (profile: string) => {
    onChoose(profile)
    onClose()
  }
  return (
    <Dialog open onClose={onClose} title={intl.formatMessage({ id: 'search.author.title' })}>
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          const [first] = offered
          if (first !== undefined) choose(first.profile)
        }}
      >
        <TextField
          label={intl.formatMessage({ id: 'search.author.field' })}
          value={text}
          maxLength={512}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {offered.length === 0 ? (
          <p className={styles.none} role="status">
            <FormattedMessage id="search.author.none" />
          </p>
        ) : (
          <ul>
            {offered.map((person) => (
              <li key={person.profile}>
                <button type="button" className={styles.person} onClick={() => choose(person.profile)}>
                  <Avatar profile={person.profile} name={person.name} size={30} src={readyUrl(person.avatar)} />
                  <bdi className={styles.personName}>{called(person)}</bdi>
                  <span className={styles.none} dir="ltr">
                    {shortPeerId(person.profile)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </form>
    </Dialog>
  )
}

/** Capitals and accents don't count. */
function fold(text: string): string {
  return text
    .trim()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

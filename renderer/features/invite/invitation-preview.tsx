import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { InvitedView, JoinView } from '../../../core/contract/invitations.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure, Note } from '../account/notes.tsx'
import { useTask } from '../account/use-task.ts'
import { type Choice, ChoiceList, PersonLabel } from './choice-list.tsx'
import type { ReadInvitation } from './invitation-form.tsx'
import styles from './invite.module.css'
import { SeedLabel } from './seed-label.tsx'

export interface InvitationPreviewProps {
  read: ReadInvitation
  onJoined: (join: JoinView) => void
  back: ReactNode
  size?: 'normal' | 'main'
}

/** Who invites, where to begin and whom to hear; nothing has happened yet, and everything can be left out. */
export function InvitationPreview({ read, onJoined, back, size = 'normal' }: InvitationPreviewProps) {
  const intl = useIntl()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const task = useTask()
  const { inviter, people, seeds, signer, ts } = read.view
  const everybody = [inviter, ...people].filter(({ isMe }) => !isMe)
  const usable = seeds.filter(({ isUsable }) => isUsable)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(everybody.map(({ profile }) => profile)))
  const [starts, setStarts] = useState<ReadonlySet<string>>(() => new Set(usable.map(({ address }) => address)))
  const [isEmpty, setEmpty] = useState(false)
  const free = everybody.filter(({ follow }) => follow !== 'following')

  const join = async () => {
    setEmpty(chosen.size + starts.size === 0)
    if (chosen.size + starts.size === 0) return
    const input = { text: read.text, seeds: [...starts], people: [...chosen] }
    const joined = await task.run(() => client.invitations.accept(input))
    if (joined === undefined) return
    for (const queryKey of [orpc.invitations.key(), orpc.follows.key(), orpc.profiles.key(), orpc.network.key()]) {
      void queryClient.invalidateQueries({ queryKey })
    }
    onJoined(joined)
  }

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void join()
      }}
    >
      <p className={styles.text}>
        <FormattedMessage id="invite.preview.lead" values={{ date: intl.formatDate(ts, { dateStyle: 'long' }) }} />
      </p>
      {signer !== 'active' && (
        <Note tone={signer === 'former' ? 'warn' : 'plain'}>
          <p>
            <FormattedMessage
              id={`invite.signer.${signer}`}
              values={{ id: <bdi dir="ltr">{shortPeerId(inviter.profile)}</bdi> }}
            />
          </p>
        </Note>
      )}
      <ChoiceList
        title={<FormattedMessage id="invite.preview.people" />}
        action={
          free.length > 1 && (
            <Button
              kind="quiet"
              size="small"
              onClick={() => setChosen(new Set(chosen.size === 0 ? everybody.map(({ profile }) => profile) : []))}
            >
              <FormattedMessage id={chosen.size === 0 ? 'invite.all' : 'invite.none'} />
            </Button>
          )
        }
        choices={everybody.map((person) => personChoice(person, person === inviter))}
        chosen={chosen}
        onChange={setChosen}
      />
      {seeds.length === 0 ? (
        <Note tone="warn">
          <p>
            <FormattedMessage id="invite.preview.noSeeds" />
          </p>
        </Note>
      ) : (
        <ChoiceList
          title={<FormattedMessage id="invite.preview.seeds" />}
          choices={seeds.map((seed) => ({
            key: seed.address,
            label: <SeedLabel seed={seed} />,
            disabled: !seed.isUsable,
          }))}
          chosen={starts}
          onChange={setStarts}
        />
      )}
      <Failure text={isEmpty ? intl.formatMessage({ id: 'invite.preview.empty' }) : task.failure} />
      <div className={styles.actions} data-size={size}>
        {back}
        <Button
          kind="primary"
          size={size}
          type="submit"
          busy={task.isBusy ? intl.formatMessage({ id: 'invite.joining' }) : undefined}
        >
          <FormattedMessage id="invite.join" />
        </Button>
      </div>
    </form>
  )
}

function personChoice(person: InvitedView, isInviter: boolean): Choice {
  const note =
    person.follow === 'following' ? 'followed' : isInviter ? 'inviter' : person.isNameClaimed ? 'claimed' : null
  return {
    key: person.profile,
    disabled: person.follow === 'following',
    label: (
      <PersonLabel
        person={person}
        note={note === null ? undefined : <FormattedMessage id={`invite.person.${note}`} />}
      />
    ),
  }
}

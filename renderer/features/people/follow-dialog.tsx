import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { isInvitation } from '../../../core/record/invitation.ts'
import { profilePath } from '../../app/routes.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Rings } from '../../ui/rings.tsx'
import type { ReadInvitation } from '../invite/invitation-form.tsx'
import { JoinSteps } from '../invite/join-dialog.tsx'
import { readyUrl } from '../media/media-url.ts'
import { calledName } from './called-name.ts'
import { parsePerson } from './parse-person.ts'
import styles from './people.module.css'
import { SearchWays } from './search-ways.tsx'
import { useCause } from './use-cause.ts'

export interface FollowDialogProps {
  open: boolean
  onClose: () => void
}

/**
 * Paste a peer ID or a link; says at once whether it can be one, then how far the search for the account is. An invitation
 * is taken as well, and looked at first.
 */
export function FollowDialog({ open, onClose }: FollowDialogProps) {
  const intl = useIntl()
  const [asked, setAsked] = useState<string>()
  const [invitation, setInvitation] = useState<string>()
  const [read, setRead] = useState<ReadInvitation>()
  const close = () => {
    setAsked(undefined)
    setInvitation(undefined)
    setRead(undefined)
    onClose()
  }
  const title =
    read !== undefined
      ? intl.formatMessage({ id: 'invite.preview.title' }, { name: calledName(read.view.inviter) })
      : intl.formatMessage({ id: invitation === undefined ? 'people.followTitle' : 'invite.join.title' })
  return (
    <Dialog open={open} onClose={close} size="small" title={title}>
      {invitation !== undefined ? (
        <JoinSteps text={invitation} read={read} onRead={setRead} onClose={close} />
      ) : asked === undefined ? (
        <AddressForm onAsked={setAsked} onInvitation={setInvitation} onCancel={close} />
      ) : (
        <Outcome profile={asked} onAnother={() => setAsked(undefined)} onClose={close} />
      )}
    </Dialog>
  )
}

interface AddressFormProps {
  onAsked: (profile: string) => void
  /** An invitation was pasted, or is to be opened: then ''. */
  onInvitation: (text: string) => void
  onCancel: () => void
}

function AddressForm({ onAsked, onInvitation, onCancel }: AddressFormProps) {
  const intl = useIntl()
  const cause = useCause()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const { data: account } = useQuery(orpc.account.get.queryOptions({ retry: false }))
  const [text, setText] = useState('')
  const [wasTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const found = parsePerson(text)
  const isMe = found !== undefined && found.profile === account?.profile
  const isInvited = isInvitation(text)

  let error: string | undefined
  if (isMe) error = intl.formatMessage({ id: 'people.ownAddress' })
  else if (wasTried && !found && !isInvited) error = intl.formatMessage({ id: 'people.badAddress' })
  else if (failure !== undefined) error = intl.formatMessage({ id: 'people.followFailed' }, { cause: failure })

  const submit = async () => {
    if (isInvited) return onInvitation(text)
    setTried(true)
    if (!found || isMe) return
    setBusy(true)
    setFailure(undefined)
    try {
      const answer = await client.follows.add(
        found.addresses.length > 0
          ? { profile: found.profile, addresses: found.addresses.slice(0, 16) }
          : { profile: found.profile },
      )
      void queryClient.invalidateQueries({ queryKey: orpc.follows.key() })
      void queryClient.invalidateQueries({ queryKey: orpc.profiles.key() })
      onAsked(answer.profile)
    } catch (thrown) {
      setFailure(cause(thrown))
      setBusy(false)
    }
  }

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextField
        label={intl.formatMessage({ id: 'people.followLabel' })}
        placeholder={intl.formatMessage({ id: 'people.followPlaceholder' })}
        help={isInvited || (found && !isMe) ? undefined : intl.formatMessage({ id: 'people.followHelp' })}
        error={error}
        value={text}
        dir="ltr"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => {
          setText(event.currentTarget.value)
          setTried(false)
          setFailure(undefined)
        }}
        onPaste={() => setTried(true)}
      />
      {found && !isMe && (
        <p className={styles.recognised} role="status">
          <FormattedMessage id="people.recognised" values={{ id: <bdi dir="ltr">{shortPeerId(found.profile)}</bdi> }} />
          {found.addresses.length > 0 && (
            <FormattedMessage id="people.recognisedSeeds" values={{ count: found.addresses.length }} />
          )}
        </p>
      )}
      {isInvited && (
        <p className={styles.recognised} role="status">
          <FormattedMessage id="people.invitation" />
        </p>
      )}
      <div className={styles.actions}>
        {!isInvited && (
          <Button kind="quiet" onClick={() => onInvitation('')}>
            <FormattedMessage id="invite.join.title" />
          </Button>
        )}
        <Button kind="quiet" onClick={onCancel}>
          <FormattedMessage id="ui.cancel" />
        </Button>
        <Button
          kind="primary"
          type="submit"
          busy={isBusy ? intl.formatMessage({ id: 'people.pending' }) : undefined}
          disabled={text.trim() === ''}
        >
          <FormattedMessage id={isInvited ? 'invite.look' : 'people.follow'} />
        </Button>
      </div>
    </form>
  )
}

function Outcome({ profile, onAnother, onClose }: { profile: string; onAnother: () => void; onClose: () => void }) {
  const [, navigate] = useLocation()
  const { orpc } = useRpc()
  const { data: view } = useQuery(orpc.profiles.get.queryOptions({ input: { profile } }))
  const { data: network } = useQuery(orpc.network.status.queryOptions())
  const name = calledName({ profile, name: view?.name ?? '' })
  const { data: search } = useQuery(orpc.profiles.search.queryOptions({ input: { profile } }))
  const isFollowing = view?.follow === 'following'
  const isOffline = network?.state === 'offline'
  const isOver = !isFollowing && !isOffline && search?.state === 'nothing'
  return (
    <div className={styles.form}>
      <div className={styles.found} role="status">
        {isFollowing ? (
          <Avatar profile={profile} name={name} size={44} src={readyUrl(view.avatar)} />
        ) : (
          <Rings held={0} size={32} />
        )}
        <div>
          <h3>
            {isFollowing ? (
              <FormattedMessage id="people.foundTitle" values={{ name: <bdi>{name}</bdi> }} />
            ) : (
              <FormattedMessage id={isOver ? 'people.lookedTitle' : 'people.lookingTitle'} />
            )}
          </h3>
          {!isOver && (
            <p>
              <FormattedMessage
                id={isFollowing ? 'people.foundBody' : isOffline ? 'people.lookingOffline' : 'people.lookingBody'}
              />
            </p>
          )}
        </div>
      </div>
      {!isFollowing && !isOffline && <SearchWays profile={profile} />}
      <div className={styles.actions}>
        <Button kind="quiet" onClick={onAnother}>
          <FormattedMessage id="people.another" />
        </Button>
        <Button
          onClick={() => {
            onClose()
            navigate(profilePath(profile))
          }}
        >
          <FormattedMessage id="people.openProfile" />
        </Button>
        <Button kind="primary" onClick={onClose}>
          <FormattedMessage id="people.done" />
        </Button>
      </div>
    </div>
  )
}

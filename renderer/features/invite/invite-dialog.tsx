import { useQuery } from '@tanstack/react-query'
import { Download, Link2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { InviteSeed, MadeInvitation } from '../../../core/contract/invitations.ts'
import type { Follow } from '../../../core/contract/views.ts'
import { MAX_INVITATION_PEOPLE, MAX_INVITATION_SEEDS } from '../../../core/record/invitation.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Failure, Note } from '../account/notes.tsx'
import { useTask } from '../account/use-task.ts'
import { FailedPanel } from '../people/failed-panel.tsx'
import { useCopy } from '../people/use-copy.ts'
import { QrCode } from '../share/qr-code.tsx'
import { ChoiceList, PersonLabel } from './choice-list.tsx'
import styles from './invite.module.css'
import { saveAsFile } from './read-file.ts'
import { SeedLabel } from './seed-label.tsx'

export interface InviteDialogProps {
  open: boolean
  onClose: () => void
}

/** Makes an invitation: whom to suggest, where to begin, then the link, its code and the file. */
export function InviteDialog({ open, onClose }: InviteDialogProps) {
  const intl = useIntl()
  const { client } = useRpc()
  const task = useTask()
  const [made, setMade] = useState<MadeInvitation>()
  const close = () => {
    setMade(undefined)
    task.clear()
    onClose()
  }
  const make = async (people: readonly string[], seeds: readonly string[]) => {
    setMade(await task.run(() => client.invitations.make({ people: [...people], seeds: [...seeds] })))
  }
  return (
    <Dialog open={open} onClose={close} size="small" title={intl.formatMessage({ id: 'invite.title' })}>
      {made === undefined ? (
        <ChooseForm
          isBusy={task.isBusy}
          failure={task.failure}
          onMake={(people, seeds) => void make(people, seeds)}
          onCancel={close}
        />
      ) : (
        <Made made={made} onBack={() => setMade(undefined)} />
      )}
    </Dialog>
  )
}

interface ChooseFormProps {
  isBusy: boolean
  failure: string | undefined
  onMake: (people: readonly string[], seeds: readonly string[]) => void
  onCancel: () => void
}

function ChooseForm({ isBusy, failure, onMake, onCancel }: ChooseFormProps) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const follows = useQuery(orpc.follows.list.queryOptions()).data?.items ?? []
  const { data, error, refetch } = useQuery(orpc.invitations.seeds.queryOptions({ staleTime: 0 }))
  const seeds = data?.items
  const people = follows.filter(({ state }) => state === 'following')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [named, setNamed] = useState<ReadonlySet<string>>()
  useEffect(() => {
    if (seeds === undefined || named !== undefined) return
    setNamed(new Set(seeds.filter(({ isSuggested }) => isSuggested).map(({ address }) => address)))
  }, [seeds, named])
  if (seeds === undefined && error !== null) {
    return (
      <FailedPanel title={<FormattedMessage id="invite.failedTitle" />} error={error} onRetry={() => void refetch()} />
    )
  }
  if (seeds === undefined || named === undefined) return <div className={styles.form} aria-busy="true" />
  const tooMany =
    chosen.size > MAX_INVITATION_PEOPLE
      ? intl.formatMessage({ id: 'invite.tooManyPeople' }, { limit: MAX_INVITATION_PEOPLE })
      : named.size > MAX_INVITATION_SEEDS
        ? intl.formatMessage({ id: 'invite.tooManySeeds' }, { limit: MAX_INVITATION_SEEDS })
        : undefined
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (tooMany !== undefined) return
        onMake(
          people.filter(({ profile }) => chosen.has(profile)).map(({ profile }) => profile),
          seeds.filter(({ address }) => named.has(address)).map(({ address }) => address),
        )
      }}
    >
      <p className={styles.text}>
        <FormattedMessage id="invite.lead" />
      </p>
      <PeopleChoice people={people} chosen={chosen} onChange={setChosen} />
      <SeedChoice seeds={seeds} chosen={named} onChange={setNamed} />
      <Failure text={tooMany ?? failure} />
      <div className={styles.actions}>
        <Button kind="quiet" onClick={onCancel}>
          <FormattedMessage id="ui.cancel" />
        </Button>
        <Button kind="primary" type="submit" busy={isBusy ? intl.formatMessage({ id: 'invite.making' }) : undefined}>
          <FormattedMessage id="invite.make" />
        </Button>
      </div>
    </form>
  )
}

interface ChosenProps {
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
}

function PeopleChoice({ people, chosen, onChange }: ChosenProps & { people: readonly Follow[] }) {
  if (people.length === 0) {
    return (
      <p className={styles.quiet}>
        <FormattedMessage id="invite.nobody" />
      </p>
    )
  }
  const isAll = chosen.size >= Math.min(people.length, MAX_INVITATION_PEOPLE)
  const all = () => onChange(new Set(isAll ? [] : people.slice(0, MAX_INVITATION_PEOPLE).map(({ profile }) => profile)))
  return (
    <ChoiceList
      title={<FormattedMessage id="invite.people" />}
      action={
        <Button kind="quiet" size="small" onClick={all}>
          <FormattedMessage id={isAll ? 'invite.none' : 'invite.all'} />
        </Button>
      }
      choices={people.map((person) => ({ key: person.profile, label: <PersonLabel person={person} /> }))}
      chosen={chosen}
      onChange={onChange}
    />
  )
}

function SeedChoice({ seeds, chosen, onChange }: ChosenProps & { seeds: readonly InviteSeed[] }) {
  const hasSeed = seeds.some(({ kind }) => kind === 'seed')
  return (
    <>
      {!hasSeed && (
        <Note tone="warn">
          <p>
            <FormattedMessage id={seeds.length === 0 ? 'invite.noStart' : 'invite.noSeed'} />
          </p>
        </Note>
      )}
      {seeds.length > 0 && (
        <ChoiceList
          title={<FormattedMessage id="invite.seeds" />}
          choices={seeds.map((seed) => ({ key: seed.address, label: <SeedLabel seed={seed} /> }))}
          chosen={chosen}
          onChange={onChange}
        />
      )}
    </>
  )
}

function Made({ made, onBack }: { made: MadeInvitation; onBack: () => void }) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  const { link, linkPeople, people, file } = made
  return (
    <div className={styles.form}>
      <QrCode text={link} label={intl.formatMessage({ id: 'invite.code' })} isDense />
      <p className={styles.under} role="status">
        <FormattedMessage id="invite.made" values={{ people: linkPeople, seeds: made.seeds.length }} />
      </p>
      <p className={styles.link} dir="ltr" translate="no">
        {link}
      </p>
      {linkPeople < people && (
        <Note>
          <p>
            <FormattedMessage id="invite.more" values={{ room: linkPeople, all: people }} />
          </p>
        </Note>
      )}
      <p className={styles.quiet}>
        <FormattedMessage id="invite.open" />
      </p>
      <Failure text={failure} />
      <div className={styles.actions}>
        <Button kind="quiet" onClick={onBack}>
          <FormattedMessage id="account.back" />
        </Button>
        <Button
          icon={<Download size={16} strokeWidth={1.75} aria-hidden />}
          onClick={() => saveAsFile(file.name, file.text)}
        >
          <FormattedMessage id="invite.save" />
        </Button>
        <Button
          kind="primary"
          icon={<Link2 size={16} strokeWidth={2} aria-hidden />}
          onClick={() => void copy(link, 'invite.copied')}
        >
          <FormattedMessage id="invite.copy" />
        </Button>
      </div>
    </div>
  )
}

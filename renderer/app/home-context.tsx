import { useQuery } from '@tanstack/react-query'
import { MailPlus, Search, UserPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation, useRoute } from 'wouter'
import type { NetworkStatus } from '../../core/contract/views.ts'
import { shortPeerId } from '../../core/identity/peer-id.ts'
import { InviteDialog } from '../features/invite/invite-dialog.tsx'
import { FollowDialog } from '../features/people/follow-dialog.tsx'
import { useCalled } from '../features/people/use-called.ts'
import { useRpc } from '../rpc/provider.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Rings } from '../ui/rings.tsx'
import { ContextSection } from './context-section.tsx'
import styles from './home-context.module.css'
import { summarizeHolding } from './network-state.ts'
import { profilePath, routes, searchPath } from './routes.ts'
import { useNetwork } from './use-network.ts'

const SHOWN_FOLLOWS = 5

/** Search, how the own posts are kept, whom I follow, and whose square it is. */
export function HomeContext() {
  const network = useNetwork()
  const [isSearching] = useRoute(routes.found)
  return (
    <>
      {!isSearching && <SearchField />}
      {network !== undefined && <HoldingSection network={network} />}
      <FollowsSection />
      {network !== undefined && (
        <p className={styles.closing}>
          <FormattedMessage id="context.closing" values={{ n: network.storage.posts }} />
        </p>
      )}
    </>
  )
}

function SearchField() {
  const intl = useIntl()
  const [, navigate] = useLocation()
  const [query, setQuery] = useState('')
  const label = intl.formatMessage({ id: 'context.search' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    navigate(searchPath(query.trim()))
  }
  return (
    <search>
      <form onSubmit={submit}>
        <TextField
          label={label}
          hideLabel
          type="search"
          enterKeyHint="search"
          placeholder={label}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          icon={<Search size={17} strokeWidth={1.75} aria-hidden />}
          after={
            <span className={styles.key} aria-hidden="true">
              /
            </span>
          }
        />
      </form>
    </search>
  )
}

export function HoldingSection({ network }: { network: NetworkStatus }) {
  const intl = useIntl()
  const holding = summarizeHolding(network, (peer) => peer.name || shortPeerId(peer.peerId))
  const isHeld = holding.cause === 'held'
  return (
    <ContextSection title={<FormattedMessage id={isHeld ? 'context.held' : 'context.where'} />}>
      <Link href={routes.network} className={styles.held}>
        <Rings held={isHeld ? Math.max(1, holding.full.length) : holding.full.length} size={66} />
        <span className={styles.words}>
          <span className={styles.strong}>
            {holding.cause === 'none' ? (
              <FormattedMessage id="context.held.none" />
            ) : !isHeld ? (
              <FormattedMessage id="context.held.waiting" values={{ n: holding.unheld }} />
            ) : holding.full.length > 0 ? (
              <FormattedMessage id="context.held.full" values={{ n: holding.full.length }} />
            ) : (
              <FormattedMessage id="context.held.parts" />
            )}
          </span>
          <span className={styles.line}>
            {isHeld && intl.formatList(holding.full.length > 0 ? holding.full : holding.partial, { type: 'unit' })}
            {holding.cause === 'none' && <FormattedMessage id="context.held.none.line" />}
            {(holding.cause === 'noSeed' || holding.cause === 'offline' || holding.cause === 'sending') && (
              <FormattedMessage
                id={`context.held.cause.${holding.cause}`}
                values={{ names: intl.formatList([...holding.full, ...holding.partial]), n: holding.unheld }}
              />
            )}
          </span>
        </span>
      </Link>
    </ContextSection>
  )
}

function FollowsSection() {
  const { orpc } = useRpc()
  const [isOpen, setOpen] = useState(false)
  const [isInviting, setInviting] = useState(false)
  const called = useCalled()
  const { data, isError } = useQuery(orpc.follows.list.queryOptions())
  const items = data?.items ?? []
  return (
    <ContextSection title={<FormattedMessage id="context.follows" />}>
      {isError && data === undefined && (
        <p className={styles.line}>
          <FormattedMessage id="context.follows.failed" />
        </p>
      )}
      {data !== undefined && items.length === 0 && (
        <p className={styles.line}>
          <FormattedMessage id="context.follows.none" />
        </p>
      )}
      {items.length > 0 && (
        <ul className={styles.people}>
          {items.slice(0, SHOWN_FOLLOWS).map((person) => (
            <li key={person.profile}>
              <Link href={profilePath(person.profile)} className={styles.person}>
                <Avatar
                  profile={person.profile}
                  name={person.name}
                  size={36}
                  src={person.avatar?.state === 'here' ? `/media/${encodeURIComponent(person.avatar.cid)}` : undefined}
                />
                <span className={styles.words}>
                  <bdi className={styles.name}>{called(person)}</bdi>
                  <span className={styles.id}>
                    {person.state === 'pending' ? (
                      <FormattedMessage id="context.follows.pending" />
                    ) : (
                      <span dir="ltr">{shortPeerId(person.profile)}</span>
                    )}
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {items.length > SHOWN_FOLLOWS && (
        <p className={styles.line}>
          <FormattedMessage id="context.follows.more" values={{ n: items.length - SHOWN_FOLLOWS }} />
        </p>
      )}
      <Button size="small" icon={<UserPlus size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setOpen(true)}>
        <FormattedMessage id="context.follow" />
      </Button>
      <Button
        kind="quiet"
        size="small"
        icon={<MailPlus size={16} strokeWidth={1.75} aria-hidden />}
        onClick={() => setInviting(true)}
      >
        <FormattedMessage id="invite.title" />
      </Button>
      <InviteDialog open={isInviting} onClose={() => setInviting(false)} />
      <FollowDialog open={isOpen} onClose={() => setOpen(false)} />
    </ContextSection>
  )
}

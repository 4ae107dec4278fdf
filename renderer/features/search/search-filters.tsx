import { useQuery } from '@tanstack/react-query'
import { CalendarDays, Image, UserRound, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDay } from '../../ui/format-day.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { useCalled } from '../people/use-called.ts'
import { AuthorDialog } from './author-dialog.tsx'
import { DaysDialog } from './days-dialog.tsx'
import styles from './search.module.css'
import { type Sought, startOfDay } from './search-words.ts'

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

export interface SearchFiltersProps {
  sought: Sought
  onChange: (change: Partial<Sought>) => void
}

/** What a post must be besides its words: what is set stands as a chip that takes it away, what isn't as a button. */
export function SearchFilters({ sought, onChange }: SearchFiltersProps) {
  const [open, setOpen] = useState<'author' | 'days' | null>(null)
  const { author, since, until, hasMedia } = sought
  const hasDays = since !== undefined || until !== undefined
  return (
    <fieldset className={styles.filters}>
      <legend>
        <VisuallyHidden>
          <FormattedMessage id="search.filters" />
        </VisuallyHidden>
      </legend>
      {author === undefined ? (
        <Add icon={<UserRound {...ICON} />} id="search.author.add" onClick={() => setOpen('author')} />
      ) : (
        <Chip onRemove={() => onChange({ author: undefined })}>
          <AuthorName profile={author} />
        </Chip>
      )}
      {hasDays ? (
        <Chip onRemove={() => onChange({ since: undefined, until: undefined })}>
          <Days since={since} until={until} />
        </Chip>
      ) : (
        <Add icon={<CalendarDays {...ICON} />} id="search.days.add" onClick={() => setOpen('days')} />
      )}
      {hasMedia ? (
        <Chip onRemove={() => onChange({ hasMedia: false })}>
          <FormattedMessage id="search.pictures" />
        </Chip>
      ) : (
        <Add icon={<Image {...ICON} />} id="search.pictures.add" onClick={() => onChange({ hasMedia: true })} />
      )}
      {open === 'author' && (
        <AuthorDialog onClose={() => setOpen(null)} onChoose={(profile) => onChange({ author: profile })} />
      )}
      {open === 'days' && (
        <DaysDialog since={since} until={until} onClose={() => setOpen(null)} onChoose={(days) => onChange(days)} />
      )}
    </fieldset>
  )
}

function Add({ icon, id, onClick }: { icon: ReactNode; id: string; onClick: () => void }) {
  return (
    <Button size="small" kind="quiet" icon={icon} onClick={onClick}>
      <FormattedMessage id={id} />
    </Button>
  )
}

function Chip({ children, onRemove }: { children: ReactNode; onRemove: () => void }) {
  return (
    <button type="button" className={styles.chip} onClick={onRemove}>
      <span className={styles.chipWords}>
        {children}
        <VisuallyHidden>
          {' · '}
          <FormattedMessage id="search.removeOne" />
        </VisuallyHidden>
      </span>
      <X size={14} strokeWidth={2} aria-hidden />
    </button>
  )
}

function AuthorName({ profile }: { profile: string }) {
  const { orpc } = useRpc()
  const called = useCalled()
  const { data } = useQuery(orpc.profiles.get.queryOptions({ input: { profile } }))
  const name = <bdi>{called({ profile, name: data?.name ?? '' })}</bdi>
  return <FormattedMessage id="search.author" values={{ name }} />
}

function Days({ since, until }: { since: string | undefined; until: string | undefined }) {
  const intl = useIntl()
  const day = (text: string) => formatDay(intl, startOfDay(text, 0), { month: 'short', year: true })
  if (since !== undefined && until !== undefined) {
    return <FormattedMessage id="search.days.between" values={{ since: day(since), until: day(until) }} />
  }
  if (since !== undefined) return <FormattedMessage id="search.days.since" values={{ since: day(since) }} />
  return <FormattedMessage id="search.days.until" values={{ until: day(until ?? '') }} />
}

import { CircleAlert, CircleDashed, EyeOff, Trash2 } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link } from 'wouter'
import type { QuotedPost } from '../../../core/contract/views.ts'
import { threadPath } from '../../app/routes.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { formatDay } from '../../ui/format-day.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { MediaGrid } from '../media/media-grid.tsx'
import { readyUrl } from '../media/media-url.ts'
import { useFoldingWord } from '../moderation/unfolded-posts.ts'
import { WordFold } from '../moderation/word-fold.tsx'
import { PersonLink } from '../people/person-link.tsx'
import { ShortId } from '../people/short-id.tsx'
import { useCalled } from '../people/use-called.ts'
import { Notice } from './notice.tsx'
import styles from './quoted-card.module.css'
import { Warned } from './warned.tsx'

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const

export interface QuotedCardProps {
  quote: QuotedPost
  /** In the composer nothing in it can be pressed: what leads away would close what is being written. */
  isStill?: boolean
}

/** What a post quotes, below its text. Its words are text alone; a press leads to its own thread, where links work. */
export function QuotedCard({ quote, isStill = false }: QuotedCardProps) {
  const intl = useIntl()
  const called = useCalled()
  const name = called({ profile: quote.author, name: quote.name })
  const word = useFoldingWord(quote)
  if (word !== undefined) {
    return (
      <blockquote className={styles.quote} aria-label={intl.formatMessage({ id: 'post.quotedOf' }, { name })}>
        <WordFold post={quote} word={word} isStill={isStill} />
      </blockquote>
    )
  }
  if (quote.state !== 'shown') {
    return (
      <blockquote className={styles.quote} aria-label={intl.formatMessage({ id: 'post.quoted' })}>
        <Absence quote={quote} isStill={isStill} />
      </blockquote>
    )
  }
  return (
    <blockquote className={styles.quote} aria-label={intl.formatMessage({ id: 'post.quotedOf' }, { name })}>
      <header className={styles.head}>
        <Avatar profile={quote.author} name={quote.name} size={20} src={readyUrl(quote.avatar)} />
        {isStill ? (
          <bdi className={styles.name}>{name}</bdi>
        ) : (
          <>
            <PersonLink profile={quote.author} name={quote.name} />
            {quote.name !== '' && <ShortId profile={quote.author} />}
            <Link href={threadPath(quote.id)} className={styles.open}>
              {quote.ts !== null && <RelativeTime ts={quote.ts} />}
            </Link>
          </>
        )}
      </header>
      <Warned id={quote.id} warning={quote.warning} hasText={quote.text !== ''} pictures={quote.media.length}>
        <Said quote={quote} isStill={isStill} />
      </Warned>
    </blockquote>
  )
}

function Said({ quote, isStill }: { quote: QuotedPost; isStill: boolean }) {
  return (
    <>
      {quote.text !== '' && (
        <p className={styles.text} dir="auto" lang={quote.lang ?? undefined}>
          {quote.text}
        </p>
      )}
      {quote.media.length > 0 &&
        (isStill ? (
          <p className={styles.pictures}>
            <FormattedMessage id="post.quotedPictures" values={{ count: quote.media.length }} />
          </p>
        ) : (
          <div className={styles.media}>
            <MediaGrid items={quote.media} isMine={false} />
          </div>
        ))}
    </>
  )
}

/** Why there is nothing to read. */
function Absence({ quote, isStill }: { quote: QuotedPost; isStill: boolean }) {
  const intl = useIntl()
  const called = useCalled()
  const { state, deletedAt } = quote
  switch (state) {
    case 'shown':
      return null
    case 'deleted': {
      const date = deletedAt === null ? '' : formatDay(intl, deletedAt, { month: 'short' })
      const when = date === '' ? '' : intl.formatMessage({ id: 'post.deletedOn' }, { date })
      return (
        <Notice icon={<Trash2 {...ICON} />}>
          <FormattedMessage id="post.quotedDeleted" values={{ when }} />
        </Notice>
      )
    }
    case 'missing':
      return (
        <Notice icon={<CircleDashed {...ICON} />}>
          <FormattedMessage
            id="post.quotedMissing"
            values={{
              name: isStill ? (
                <bdi>{called({ profile: quote.author, name: quote.name })}</bdi>
              ) : (
                <PersonLink profile={quote.author} name={quote.name} quiet />
              ),
            }}
          />
        </Notice>
      )
    case 'unreadable':
      return (
        <Notice icon={<CircleAlert {...ICON} />}>
          <FormattedMessage id="post.unreadable" />
        </Notice>
      )
    case 'hidden':
      return (
        <Notice icon={<EyeOff {...ICON} />}>
          <FormattedMessage id="post.quotedHidden" />
        </Notice>
      )
  }
}

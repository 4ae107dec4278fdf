import { AtSign, Heart, MessageCircle, Quote, Repeat2, UserPlus } from 'lucide-react'
import { memo, type ReactNode, useId } from 'react'
import { FormattedMessage } from 'react-intl'
import { useLocation } from 'wouter'
import type { Notification } from '../../../core/contract/reading.ts'
import type { PostView } from '../../../core/contract/views.ts'
import { profilePath, threadPath } from '../../app/routes.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { readyUrl } from '../media/media-url.ts'
import { useFoldingWord } from '../moderation/unfolded-posts.ts'
import { PersonLink } from '../people/person-link.tsx'
import { ShortId } from '../people/short-id.tsx'
import { isOwnPress } from '../post/own-press.ts'
import type { NotificationGroup } from './notification-groups.ts'
import styles from './notifications.module.css'

const ICON = { size: 20, strokeWidth: 1.75, 'aria-hidden': true } as const
const ICONS: Record<Notification['kind'], ReactNode> = {
  reply: <MessageCircle {...ICON} />,
  mention: <AtSign {...ICON} />,
  quote: <Quote {...ICON} />,
  reaction: <Heart {...ICON} />,
  repost: <Repeat2 {...ICON} />,
  follow: <UserPlus {...ICON} />,
}
const MAX_FACES = 6
/** What the react button gives: it needs no saying. */
const HEART = /^❤\uFE0F?$/u

export interface NotificationRowProps {
  group: NotificationGroup
  /** Place in the list, from 1. */
  position: number
  /** -1 for a list whose end isn't known. */
  setSize: number
  /** Before the row leads to another page. */
  onOpen: () => void
}

/** Who said what, and the words. A press anywhere opens the thread, or the profile of who follows. */
export const NotificationRow = memo(function NotificationRow(props: NotificationRowProps) {
  const { group, position, setSize, onOpen } = props
  const { kind, isFresh, people, latest } = group
  const id = useId()
  const [, navigate] = useLocation()
  const open = () => {
    onOpen()
    navigate(latest.post ? threadPath(latest.post.id) : profilePath(latest.from.profile))
  }
  return (
    <article
      className={classNames(styles.row, isFresh && styles.fresh)}
      data-notification={latest.id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: articles of a feed take the focus (ARIA feed pattern)
      tabIndex={0}
      aria-labelledby={`${id}-sentence`}
      aria-describedby={`${id}-words`}
      aria-posinset={position}
      aria-setsize={setSize}
      onClick={(event) => {
        if (isOwnPress(event)) open()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) open()
      }}
    >
      <span className={styles.icon}>{ICONS[kind]}</span>
      <div className={styles.content}>
        <div className={styles.faces}>
          {people.slice(0, MAX_FACES).map(({ profile, name, avatar }) => (
            <Avatar key={profile} profile={profile} name={name} size={30} src={readyUrl(avatar)} />
          ))}
          {people.length > MAX_FACES && (
            <span className={styles.more} aria-hidden>
              +{people.length - MAX_FACES}
            </span>
          )}
          {people.length === 1 && latest.from.name !== '' && <ShortId profile={latest.from.profile} />}
          <span className={styles.time}>
            <RelativeTime ts={latest.at} />
          </span>
        </div>
        <p className={styles.sentence} id={`${id}-sentence`}>
          {isFresh && (
            <VisuallyHidden>
              <FormattedMessage id="notifications.fresh" />{' '}
            </VisuallyHidden>
          )}
          <Sentence group={group} onOpen={onOpen} />
        </p>
        {latest.post && (
          <Words id={`${id}-words`} post={latest.post} isTheirs={kind !== 'reaction' && kind !== 'repost'} />
        )}
      </div>
    </article>
  )
})

function Sentence({ group, onOpen }: { group: NotificationGroup; onOpen: () => void }) {
  const { kind, people, latest } = group
  const [first, second] = people
  const name = (person: typeof first) => person && <PersonLink {...person} onOpen={onOpen} />
  const who =
    second === undefined ? (
      name(first)
    ) : (
      <FormattedMessage
        id={people.length === 2 ? 'notifications.two' : 'notifications.many'}
        values={{ first: name(first), second: name(second), n: people.length - 1 }}
      />
    )
  const emoji = people.length === 1 && latest.emoji !== null && !HEART.test(latest.emoji) ? latest.emoji : null
  return (
    <FormattedMessage
      id={`notifications.${emoji === null ? kind : 'reactionWith'}`}
      values={{ who, n: people.length, emoji }}
    />
  )
}

/** What they say, or the own post that it is about. */
function Words({ id, post, isTheirs }: { id: string; post: PostView; isTheirs: boolean }) {
  const word = useFoldingWord(post)
  if (word !== undefined) {
    return (
      <p className={styles.about} id={id}>
        <FormattedMessage id="mutedWords.foldShort" values={{ word: <bdi>{word}</bdi> }} />
      </p>
    )
  }
  if (post.text === '' && post.media.length === 0) return null
  if (post.warning !== undefined) {
    return (
      <p className={styles.about} id={id} dir="auto">
        <FormattedMessage id="notifications.warned" values={{ warning: <bdi>{post.warning}</bdi> }} />
      </p>
    )
  }
  return (
    <p className={isTheirs ? styles.said : styles.about} id={id} dir="auto" lang={post.lang ?? undefined}>
      {post.text === '' ? (
        <FormattedMessage id="notifications.pictures" values={{ n: post.media.length }} />
      ) : isTheirs ? (
        post.text
      ) : (
        <FormattedMessage id="notifications.quoted" values={{ text: post.text }} />
      )}
    </p>
  )
}

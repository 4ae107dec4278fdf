import { CircleAlert, CircleDashed, MessageCircle, Repeat2, Trash2 } from 'lucide-react'
import { memo, useId } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation } from 'wouter'
import type { PostView } from '../../../core/contract/views.ts'
import { profilePath, threadPath } from '../../app/routes.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatDay } from '../../ui/format-day.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { MediaGrid } from '../media/media-grid.tsx'
import { readyUrl } from '../media/media-url.ts'
import { useFoldingWord } from '../moderation/unfolded-posts.ts'
import { WordFold } from '../moderation/word-fold.tsx'
import { PersonLink } from '../people/person-link.tsx'
import { ShortId } from '../people/short-id.tsx'
import { useCalled } from '../people/use-called.ts'
import { useMe } from '../people/use-me.ts'
import { DeletingLine } from './deleting-line.tsx'
import { EditedLine } from './edited-line.tsx'
import { HoldingLine } from './holding-line.tsx'
import { isHoldingShown } from './holding-steps.ts'
import { Notice } from './notice.tsx'
import { isOwnPress } from './own-press.ts'
import { usePendingDeletion } from './pending-deletions.ts'
import styles from './post.module.css'
import { PostActions } from './post-actions.tsx'
import { PostText } from './post-text.tsx'
import { QuotedCard } from './quoted-card.tsx'
import { UnkeepLine } from './unkeep-line.tsx'
import { Warned } from './warned.tsx'

export interface PostItemProps {
  post: PostView
  /** row: in a list, with a hairline below · bare: in a thread, which draws its own lines */
  frame?: 'row' | 'bare'
  /** Place in the list, from 1; -1 for a list whose end isn't known. */
  position?: number
  setSize?: number
  /** Words to mark. */
  query?: string | undefined
  /** Don't repeat to whom it answers: it stands below that post. */
  hideReplyLine?: boolean
}

/** One post in a list. A press anywhere opens its thread; text stays selectable, links and buttons win. */
export const PostItem = memo(function PostItem(props: PostItemProps) {
  const { post, frame = 'row', position, setSize } = props
  const id = useId()
  const [, navigate] = useLocation()
  const open = () => navigate(threadPath(post.id))
  const word = useFoldingWord(post)
  return (
    <article
      className={classNames(styles.post, styles[frame], word !== undefined && styles.folded)}
      data-post={post.id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: articles of a feed take the focus (ARIA feed pattern)
      tabIndex={0}
      aria-labelledby={word === undefined ? `${id}-name` : `${id}-text`}
      aria-describedby={`${id}-text`}
      aria-posinset={position}
      aria-setsize={setSize}
      onClick={(event) => {
        if (isOwnPress(event)) open()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) open()
      }}
    >
      {word !== undefined && <WordFold post={post} word={word} textId={`${id}-text`} />}
      {word === undefined && <PostWhole {...props} id={id} />}
    </article>
  )
})

function PostWhole({ post, query, hideReplyLine = false, id }: PostItemProps & { id: string }) {
  return (
    <>
      {post.repostedBy && (
        <p className={styles.why}>
          <Repeat2 size={14} strokeWidth={1.75} aria-hidden />
          <span>
            <FormattedMessage id="post.repostedBy" values={{ name: <PersonLink {...post.repostedBy} quiet /> }} />
          </span>
        </p>
      )}
      <Link href={profilePath(post.author)} tabIndex={-1} aria-hidden className={styles.face}>
        <Avatar profile={post.author} name={post.name} size={44} src={readyUrl(post.avatar)} />
      </Link>
      <div className={styles.content}>
        <PostHead post={post} id={`${id}-name`} />
        {post.reply && !hideReplyLine && <ReplyLine reply={post.reply} />}
        <PostBody post={post} query={query} textId={`${id}-text`} />
        <EditedLine post={post} />
        {isHoldingShown(post.holding, post.ts, Date.now()) && post.state === 'shown' && (
          <HoldingLine holding={post.holding} />
        )}
        {post.state === 'shown' ? <PostActions post={post} /> : <UnkeepLine post={post} />}
      </div>
    </>
  )
}

function PostHead({ post, id }: { post: PostView; id: string }) {
  return (
    <header className={styles.head}>
      <PersonLink profile={post.author} name={post.name} id={id} />
      {post.name !== '' && <ShortId profile={post.author} />}
      <Link href={threadPath(post.id)} className={styles.time}>
        <RelativeTime ts={post.ts} />
      </Link>
    </header>
  )
}

export function ReplyLine({ reply }: { reply: NonNullable<PostView['reply']> }) {
  const { parent, parentName } = reply
  const called = useCalled()
  return (
    <p className={styles.replyLine}>
      <MessageCircle size={14} strokeWidth={1.75} aria-hidden />
      <span>
        <FormattedMessage
          id="post.replyTo"
          values={{
            name: (
              <Link href={threadPath(parent.id)} className={styles.replyName}>
                <bdi>{called({ profile: parent.author, name: parentName })}</bdi>
              </Link>
            ),
          }}
        />
      </span>
    </p>
  )
}

export interface PostBodyProps {
  post: PostView
  query?: string | undefined
  textId?: string
  isLarge?: boolean
}

/** What a post says, or why it says nothing. */
export function PostBody({ post, query, textId, isLarge = false }: PostBodyProps) {
  const intl = useIntl()
  const me = useMe()
  const deletion = usePendingDeletion(post.id)
  if (post.state === 'shown' && deletion !== undefined && deletion.status !== 'failed') {
    return <DeletingLine postId={post.id} id={textId} isSending={deletion.status === 'sending'} />
  }
  switch (post.state) {
    case 'deleted':
      return (
        <Notice icon={<Trash2 size={16} strokeWidth={1.75} aria-hidden />} id={textId}>
          <FormattedMessage
            id="post.deleted"
            values={{
              when:
                post.deletedAt === null
                  ? ''
                  : intl.formatMessage(
                      { id: 'post.deletedOn' },
                      { date: formatDay(intl, post.deletedAt, { month: 'short' }) },
                    ),
            }}
          />
        </Notice>
      )
    case 'missing':
      return (
        <Notice icon={<CircleDashed size={16} strokeWidth={1.75} aria-hidden />} id={textId}>
          <FormattedMessage id="post.missing" />
        </Notice>
      )
    case 'unreadable':
      return (
        <Notice icon={<CircleAlert size={16} strokeWidth={1.75} aria-hidden />} id={textId}>
          <FormattedMessage id="post.unreadable" />
        </Notice>
      )
    case 'shown':
      return (
        <Warned
          id={post.id}
          warning={post.warning}
          hasText={post.text !== ''}
          pictures={post.media.length}
          lineId={textId}
        >
          {post.text !== '' && (
            <PostText
              text={post.text}
              mentions={post.mentions}
              lang={post.lang}
              query={query}
              isLarge={isLarge}
              {...(textId === undefined ? {} : { id: textId })}
            />
          )}
          {post.media.length > 0 && <MediaGrid items={post.media} isMine={me?.profile === post.author} />}
          {post.quote && <QuotedCard quote={post.quote} />}
        </Warned>
      )
  }
}

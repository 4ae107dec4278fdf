import { useId } from 'react'
import { useIntl } from 'react-intl'
import { Link } from 'wouter'
import type { PostView } from '../../../core/contract/views.ts'
import { profilePath } from '../../app/routes.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { formatClock } from '../../ui/format-moment.ts'
import { readyUrl } from '../media/media-url.ts'
import { useFoldingWord } from '../moderation/unfolded-posts.ts'
import { WordFold } from '../moderation/word-fold.tsx'
import { PersonLink } from '../people/person-link.tsx'
import { ShortId } from '../people/short-id.tsx'
import { EditedLine } from '../post/edited-line.tsx'
import { HoldingLine } from '../post/holding-line.tsx'
import { PostActions } from '../post/post-actions.tsx'
import { PostBody, ReplyLine } from '../post/post-item.tsx'
import styles from './thread.module.css'

export interface OpenPostProps {
  post: PostView
  position: number
  setSize: number
  /** What it answers stands right above it. */
  hasParent: boolean
}

/** The post that the thread is about: large, with the whole date, and without an avatar beside its text. */
export function OpenPost({ post, position, setSize, hasParent }: OpenPostProps) {
  const intl = useIntl()
  const id = useId()
  const word = useFoldingWord(post)
  return (
    <article
      className={styles.open}
      data-post={post.id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: articles of a feed take the focus (ARIA feed pattern)
      tabIndex={0}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-text`}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-current="true"
    >
      <header className={styles.author}>
        <Link href={profilePath(post.author)} tabIndex={-1} aria-hidden className={styles.face}>
          <Avatar profile={post.author} name={post.name} size={48} src={readyUrl(post.avatar)} />
        </Link>
        <div className={styles.names}>
          <PersonLink profile={post.author} name={post.name} id={`${id}-name`} />
          <span>
            <ShortId profile={post.author} />
          </span>
        </div>
      </header>
      {post.reply && !hasParent && <ReplyLine reply={post.reply} />}
      {word === undefined ? (
        <>
          <PostBody post={post} isLarge textId={`${id}-text`} />
          <EditedLine post={post} />
        </>
      ) : (
        <WordFold post={post} word={word} textId={`${id}-text`} />
      )}
      <p className={styles.date}>
        <time dateTime={new Date(post.ts).toISOString()}>
          {intl.formatDate(post.ts, { dateStyle: 'full' })}, {formatClock(intl, post.ts)}
        </time>
      </p>
      {post.state === 'shown' && post.holding && <HoldingLine holding={post.holding} />}
      {post.state === 'shown' && <PostActions post={post} isOpen />}
    </article>
  )
}

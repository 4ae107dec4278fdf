import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation, useParams } from 'wouter'
import type { AnswersState, PostView, Thread } from '../../../core/contract/views.ts'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { Button } from '../../ui/button.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { FoldedPost } from '../moderation/folded-post.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { PostItem } from '../post/post-item.tsx'
import { usePersonUpdates } from '../post/use-person-updates.ts'
import { useFeedKeys } from '../timeline/use-feed-keys.ts'
import { AnswersLine } from './answers-line.tsx'
import { answersOf } from './answers-state.ts'
import { MissingLine } from './missing-line.tsx'
import { MoreReplies } from './more-replies.tsx'
import { OpenPost } from './open-post.tsx'
import { Replies } from './replies.tsx'
import { ReplyField } from './reply-field.tsx'
import { StrangeReplies } from './strange-replies.tsx'
import styles from './thread.module.css'
import { ThreadContext } from './thread-context.tsx'
import { useThread } from './use-thread.ts'
import { useUnfolded } from './use-unfolded.ts'

export function ThreadPage() {
  const { id = '' } = useParams<{ id: string }>()
  const intl = useIntl()
  const { query, thread } = useThread(id, 'none')
  return (
    <Page
      title={intl.formatMessage({ id: 'thread.title' })}
      hasBack
      context={thread && <ThreadContext thread={thread} />}
    >
      {thread ? (
        <ThreadView key={id} thread={thread} query={query} />
      ) : query.isPending ? (
        <PostSkeleton count={3} />
      ) : (
        <FailedThread error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Page>
  )
}

interface ThreadViewProps {
  thread: Thread & AnswersState
  query: UseInfiniteQueryResult
}

function ThreadView({ thread, query }: ThreadViewProps) {
  const intl = useIntl()
  const list = useRef<HTMLElement>(null)
  const open = useRef<HTMLDivElement>(null)
  useFeedKeys(list)
  usePersonUpdates()
  const { posts, show } = useUnfolded()
  const { replies, held, strangers, missing } = thread
  const unfold = (silent: PostView) => posts.get(silent.id) ?? silent
  const ancestors = thread.ancestors.map(unfold)
  const post = unfold(thread.post)
  const isAsking = query.isFetching
  // How many there are in all isn't known before the last page.
  const size = thread.cursor === null && strangers === 0 ? ancestors.length + 1 + replies.length : -1
  // The post that was asked for stands on top; what it answers lies above it, a scroll away.
  const hasAncestors = ancestors.length > 0
  useEffect(() => {
    // A change of page goes to the top first; this comes after it.
    const frame = requestAnimationFrame(() => {
      if (hasAncestors) open.current?.scrollIntoView({ block: 'start' })
      else window.scrollTo(0, 0)
    })
    return () => cancelAnimationFrame(frame)
  }, [hasAncestors])
  const isParentMissing = post.reply !== undefined && ancestors.at(-1)?.id !== post.reply.parent.id
  return (
    <>
      <AnswersLine answers={thread.answers} seedsAsked={thread.seedsAsked} />
      {(missing > 0 || held > 0) && (
        <MissingLine missing={missing} replies={held} onAskAgain={() => void query.refetch()} isAsking={isAsking} />
      )}
      <section
        ref={list}
        aria-label={intl.formatMessage({ id: 'thread.feed' })}
        aria-busy={isAsking}
        className={styles.thread}
      >
        {ancestors.map((ancestor, index) => (
          <div key={ancestor.id} className={styles.ancestor}>
            {ancestor.silence === undefined ? (
              <PostItem post={ancestor} frame="bare" position={index + 1} setSize={size} hideReplyLine={index > 0} />
            ) : (
              <FoldedPost post={ancestor} silence={ancestor.silence} onShow={() => show(ancestor.id)} />
            )}
          </div>
        ))}
        <div ref={open} className={styles.openPlace}>
          {isParentMissing && (
            <p className={styles.gap}>
              <FormattedMessage id="thread.missingParent" />
            </p>
          )}
          {post.silence === undefined ? (
            <OpenPost
              post={post}
              position={ancestors.length + 1}
              setSize={size}
              hasParent={hasAncestors && !isParentMissing}
            />
          ) : (
            <FoldedPost post={post} silence={post.silence} onShow={() => show(post.id)} />
          )}
        </div>
        {post.state !== 'unreadable' && post.silence === undefined && <ReplyField post={post} />}
        <Replies
          replies={replies}
          openId={post.id}
          from={ancestors.length + 1}
          setSize={size}
          posts={posts}
          onShow={show}
        />
        <MoreReplies query={query} />
        {strangers > 0 && (
          <StrangeReplies id={post.id} count={strangers} from={ancestors.length + 1 + replies.length} setSize={size} />
        )}
      </section>
      <p className={styles.hint}>
        <FormattedMessage id="thread.countsHint" /> <FormattedMessage id="thread.missingHint" />
      </p>
    </>
  )
}

function FailedThread({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const [, navigate] = useLocation()
  const answers = answersOf(error)
  return (
    <>
      {answers && <AnswersLine answers={answers.answers} seedsAsked={answers.seedsAsked} />}
      <FailedPanel
        title={<FormattedMessage id="thread.failedTitle" />}
        error={error}
        line={errorCodeOf(error) === 'not-found' ? <FormattedMessage id="thread.notHereLine" /> : undefined}
        onRetry={onRetry}
        second={
          <Button kind="quiet" onClick={() => navigate(routes.home)}>
            <FormattedMessage id="thread.home" />
          </Button>
        }
      />
    </>
  )
}

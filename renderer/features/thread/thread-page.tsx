import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation, useParams } from 'wouter'
import type { AnswersState, Thread } from '../../../core/contract/views.ts'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { errorCodeOf, errorDataOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { FoldedPost } from '../moderation/folded-post.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { PostItem } from '../post/post-item.tsx'
import { usePersonUpdates } from '../post/use-person-updates.ts'
import { useFeedKeys } from '../timeline/use-feed-keys.ts'
import { AnswersLine, whileAsking } from './answers-line.tsx'
import { MissingLine } from './missing-line.tsx'
import { OpenPost } from './open-post.tsx'
import { Replies } from './replies.tsx'
import { ReplyField } from './reply-field.tsx'
import styles from './thread.module.css'
import { ThreadContext } from './thread-context.tsx'
import { useUnfolded } from './use-unfolded.ts'

const ANSWERS = ['asking', 'asked', 'nobody'] as const

export function ThreadPage() {
  const { id = '' } = useParams<{ id: string }>()
  const intl = useIntl()
  const { orpc } = useRpc()
  const query = useQuery({
    ...orpc.threads.get.queryOptions({ input: { id } }),
    refetchInterval: ({ state }) => whileAsking(answersOf(state.error) ?? state.data),
  })
  const thread = query.data
  return (
    <Page
      title={intl.formatMessage({ id: 'thread.title' })}
      hasBack
      context={thread && <ThreadContext thread={thread} />}
    >
      {thread ? (
        <ThreadView key={id} thread={thread} onAskAgain={() => void query.refetch()} isAsking={query.isFetching} />
      ) : query.isPending ? (
        <PostSkeleton count={3} />
      ) : (
        <FailedThread error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Page>
  )
}

/** What is said of the seeds of a thread that isn't here. */
function answersOf(error: unknown): AnswersState | undefined {
  const data = errorDataOf(error)
  const answers = ANSWERS.find((one) => one === data.answers)
  return answers === undefined ? undefined : { answers, seedsAsked: Number(data.seedsAsked) }
}

interface ThreadViewProps {
  thread: Thread & AnswersState
  onAskAgain: () => void
  isAsking: boolean
}

function ThreadView({ thread, onAskAgain, isAsking }: ThreadViewProps) {
  const intl = useIntl()
  const list = useRef<HTMLElement>(null)
  const open = useRef<HTMLDivElement>(null)
  useFeedKeys(list)
  usePersonUpdates()
  const { thread: shown, show } = useUnfolded(thread)
  const { ancestors, post, replies, missing } = shown
  const size = ancestors.length + 1 + replies.length
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
      {missing > 0 && (
        <MissingLine missing={missing} replies={replies.length} onAskAgain={onAskAgain} isAsking={isAsking} />
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
        <Replies replies={replies} from={ancestors.length + 1} setSize={size} onShow={show} />
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

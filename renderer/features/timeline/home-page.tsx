import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useCallback, useDeferredValue, useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { useComposer } from '../composer/use-composer.ts'
import { HomeTabs } from '../lists/home-tabs.tsx'
import { CatchUpLine } from '../network/catch-up.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { FollowDialog } from '../people/follow-dialog.tsx'
import { Beyond } from './beyond.tsx'
import { NewPostsPill } from './new-posts-pill.tsx'
import { PostFeed } from './post-feed.tsx'
import { useFeedKeys } from './use-feed-keys.ts'
import { useHome } from './use-home.ts'
import { useIsBelowTop } from './use-is-below-top.ts'

/** With nothing newer than that, somebody who opens home waits for something. */
const OLD_MS = 3_600_000

export function HomePage() {
  const intl = useIntl()
  const list = useRef<HTMLDivElement>(null)
  const square = useRef<HTMLDivElement>(null)
  const [isFollowing, setFollowing] = useState(false)
  const [hasFocus, setHasFocus] = useState(false)
  const isBelowTop = useIsBelowTop()
  const home = useHome(isBelowTop || hasFocus)
  const { showWaiting, waiting } = home
  // Many new rows are drawn in short bites, and what is there answers in between.
  const rows = useDeferredValue(home.rows)
  const isDrawing = rows !== home.rows
  const isGoingUp = useRef(false)
  const newestAt = home.rows[0]?.ts ?? 0
  const isWaiting = !home.isPending && waiting === 0 && Date.now() - newestAt > OLD_MS

  const loadNew = useCallback(() => {
    if (waiting === 0) return
    isGoingUp.current = true
    showWaiting()
  }, [showWaiting, waiting])
  useEffect(() => {
    // After the new rows are drawn, reading goes on at the newest.
    if (!isGoingUp.current || isDrawing || waiting > 0) return
    isGoingUp.current = false
    requestAnimationFrame(() => {
      window.scrollTo(0, 0)
      if (list.current?.contains(document.activeElement)) {
        list.current.querySelector<HTMLElement>('article[data-post]')?.focus({ preventScroll: true })
      }
    })
  }, [isDrawing, waiting])
  useFeedKeys(square, loadNew)

  return (
    <Page
      title={intl.formatMessage({ id: 'home.title' })}
      actions={
        <IconButton
          label={intl.formatMessage({ id: 'home.follow' })}
          icon={<UserPlus size={20} strokeWidth={1.75} aria-hidden />}
          onClick={() => setFollowing(true)}
        />
      }
      line={<CatchUpLine isWaiting={isWaiting} />}
    >
      <HomeTabs />
      <NewPostsPill count={waiting} words="home.new" onPress={loadNew} />
      <div ref={square}>
        {rows.length > 0 ? (
          <PostFeed
            rows={rows}
            label={intl.formatMessage({ id: 'home.feed' })}
            memory="home"
            place={home.place}
            onPlace={home.keepPlace}
            listRef={list}
            hasMore={home.hasMore}
            isLoadingMore={home.isLoadingMore || isDrawing}
            onEnd={home.loadMore}
            onFocusChange={setHasFocus}
            footer={<Beyond />}
          />
        ) : home.isPending || isDrawing ? (
          <PostSkeleton count={4} />
        ) : home.error ? (
          <FailedPanel title={<FormattedMessage id="home.failedTitle" />} error={home.error} onRetry={home.retry} />
        ) : (
          <>
            <EmptyHome onFollow={() => setFollowing(true)} />
            <Beyond />
          </>
        )}
      </div>
      <FollowDialog open={isFollowing} onClose={() => setFollowing(false)} />
    </Page>
  )
}

function EmptyHome({ onFollow }: { onFollow: () => void }) {
  const composer = useComposer()
  const { orpc } = useRpc()
  const { data } = useQuery(orpc.follows.list.queryOptions())
  const count = data?.items.length ?? 0
  return (
    <StatePanel
      rings={0}
      title={<FormattedMessage id="home.emptyTitle" />}
      line={
        count > 0 ? (
          <FormattedMessage id="home.emptyFollowing" values={{ count }} />
        ) : (
          <FormattedMessage id="home.emptyLine" />
        )
      }
      action={
        <Button kind="primary" size="main" onClick={onFollow}>
          <FormattedMessage id="home.follow" />
        </Button>
      }
      second={
        <Button onClick={() => composer.open()}>
          <FormattedMessage id="home.emptyWrite" />
        </Button>
      }
    />
  )
}

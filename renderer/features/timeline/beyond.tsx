import { useInfiniteQuery } from '@tanstack/react-query'
import { useId, useMemo } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Rung } from '../../../core/contract/views.ts'
import { useSettings } from '../../app/use-settings.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/toast.tsx'
import { PostItem } from '../post/post-item.tsx'
import styles from './beyond.module.css'
import { rowKey, rowsOf } from './feed-window.ts'
import { RUNGS } from './rungs.ts'

const FIRST_ROWS = 10
/** A rung is for looking around: nobody reads hundreds of posts of strangers below home. */
const MAX_PAGES = 20

/** What stands below home: rungs of people who aren't followed, each under a heading that says why it is there. */
export function Beyond() {
  const { settings } = useSettings()
  return (
    <>
      {RUNGS.filter((rung) => !settings.hiddenRungs.includes(rung)).map((rung) => (
        <RungSection key={rung} rung={rung} />
      ))}
      <p className={styles.end}>
        <FormattedMessage id="beyond.end" />
      </p>
    </>
  )
}

function RungSection({ rung }: { rung: Rung }) {
  const intl = useIntl()
  const toast = useToast()
  const headingId = useId()
  const { settings, update } = useSettings()
  const query = useRung(rung)
  const rows = useMemo(() => rowsOf(query.data?.pages), [query.data])
  const pages = query.data?.pages ?? []
  const madeAt = pages[0]?.madeAt ?? null
  const day = madeAt === null ? '' : intl.formatDate(madeAt, { day: 'numeric', month: 'long', year: 'numeric' })
  const title = intl.formatMessage({ id: `beyond.${rung}` }, { day })
  const { foldedRungs, hiddenRungs } = settings
  const isFolded = foldedRungs.includes(rung)

  if (query.isError && rows.length === 0) return <FailedRung onRetry={() => void query.refetch()} />
  if (rows.length === 0) return null
  const setFolded = (folded: boolean) => {
    const others = foldedRungs.filter((one) => one !== rung)
    update({ foldedRungs: folded ? [...others, rung] : others })
  }
  const hide = () => {
    update({ hiddenRungs: [...hiddenRungs.filter((one) => one !== rung), rung] })
    toast({
      text: intl.formatMessage({ id: 'beyond.hidden' }),
      action: {
        label: intl.formatMessage({ id: 'beyond.undo' }),
        onSelect: () => update({ hiddenRungs: hiddenRungs.filter((one) => one !== rung) }),
      },
    })
  }
  return (
    <section aria-labelledby={headingId} data-rung={rung}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h2 className={styles.title} id={headingId}>
            {title}
          </h2>
          <p className={styles.line}>
            <FormattedMessage id={`beyond.${rung}.line`} />
          </p>
        </div>
        <div className={styles.actions}>
          <Button kind="quiet" size="small" aria-expanded={!isFolded} onClick={() => setFolded(!isFolded)}>
            <FormattedMessage id={isFolded ? 'beyond.unfold' : 'beyond.fold'} />
          </Button>
          <Button kind="quiet" size="small" onClick={hide}>
            <FormattedMessage id="beyond.hide" />
          </Button>
        </div>
      </div>
      {!isFolded && (
        <>
          <div role="feed" aria-label={intl.formatMessage({ id: 'beyond.feed' }, { title })}>
            {rows.map((post, index) => (
              <PostItem
                key={rowKey(post)}
                post={post}
                position={index + 1}
                setSize={query.hasNextPage ? -1 : rows.length}
              />
            ))}
          </div>
          {query.hasNextPage && pages.length < MAX_PAGES && (
            <p className={styles.more}>
              <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                <FormattedMessage id="beyond.more" />
              </Button>
            </p>
          )}
        </>
      )}
    </section>
  )
}

function useRung(rung: Rung) {
  const intl = useIntl()
  const { orpc } = useRpc()
  const language = intl.locale.startsWith('fr') ? ('fr' as const) : ('en' as const)
  return useInfiniteQuery(
    orpc.timeline.beyond.infiniteOptions({
      input: (cursor: string | undefined) => ({
        rung,
        language,
        limit: FIRST_ROWS,
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
    }),
  )
}

function FailedRung({ onRetry }: { onRetry: () => void }) {
  return (
    <p className={styles.failed} role="alert">
      <FormattedMessage id="beyond.failed" />{' '}
      <Button size="small" onClick={onRetry}>
        <FormattedMessage id="beyond.retry" />
      </Button>
    </p>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { Hash } from 'lucide-react'
import { useMemo } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useParams } from 'wouter'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { AnswersLine } from '../thread/answers-line.tsx'
import { whileAsking } from '../thread/answers-state.ts'
import { rowsOf } from '../timeline/feed-window.ts'
import { PagedPosts } from '../timeline/paged-posts.tsx'
import styles from './tag.module.css'

/** Posts with a tag, as far as this computer holds them. */
export function TagPage() {
  const { tag = '' } = useParams<{ tag: string }>()
  const intl = useIntl()
  const { orpc } = useRpc()
  const query = useInfiniteQuery({
    ...orpc.timeline.tag.infiniteOptions({
      input: (cursor: string | undefined) => ({ tag, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
    }),
    refetchInterval: ({ state }) => whileAsking(state.data?.pages[0]),
  })
  const first = query.data?.pages[0]
  const rows = useMemo(() => rowsOf(query.data?.pages), [query.data])
  return (
    <Page title={`#${tag}`} hasBack>
      {first && <AnswersLine answers={first.answers} seedsAsked={first.seedsAsked} />}
      {rows.length > 0 && (
        <p className={styles.note}>
          <FormattedMessage id="tag.note" />
        </p>
      )}
      <PagedPosts
        key={tag}
        rows={rows}
        query={query}
        label={intl.formatMessage({ id: 'tag.feed' }, { tag })}
        memory={`tag ${tag}`}
        failedTitle={<FormattedMessage id="tag.failedTitle" />}
        empty={
          <StatePanel
            icon={<Hash size={44} strokeWidth={1.5} aria-hidden />}
            title={<FormattedMessage id="tag.emptyTitle" values={{ tag: <bdi>{tag}</bdi> }} />}
            line={<FormattedMessage id="tag.emptyLine" />}
          />
        }
        end={<FormattedMessage id="tag.end" />}
      />
    </Page>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { useMemo } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Page } from '../../app/layout.tsx'
import { useRpc } from '../../rpc/provider.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'
import { PagedPosts } from '../timeline/paged-posts.tsx'

/** Posts that this account has marked, the last marked first. */
export function BookmarksPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const query = useInfiniteQuery(
    orpc.bookmarks.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (last) => last.cursor ?? undefined,
    }),
  )
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const rows = useMemo(() => items.flatMap(({ post }) => post ?? []), [items])
  const away = items.length - rows.length
  return (
    <Page title={intl.formatMessage({ id: 'bookmarks.title' })}>
      <PagedPosts
        rows={rows}
        query={query}
        label={intl.formatMessage({ id: 'bookmarks.feed' })}
        memory="bookmarks"
        failedTitle={<FormattedMessage id="bookmarks.failedTitle" />}
        empty={
          <StatePanel
            icon={<Bookmark size={44} strokeWidth={1.5} aria-hidden />}
            title={<FormattedMessage id={away === 0 ? 'bookmarks.emptyTitle' : 'bookmarks.awayTitle'} />}
            line={<FormattedMessage id={away === 0 ? 'bookmarks.emptyLine' : 'bookmarks.awayLine'} values={{ away }} />}
          />
        }
        end={<FormattedMessage id="bookmarks.end" values={{ away }} />}
      />
    </Page>
  )
}

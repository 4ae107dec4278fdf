import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { useCause } from '../people/use-cause.ts'
import styles from './thread.module.css'

/** The next page of answers on a press, and why it didn't come. */
export function MoreReplies({ query }: { query: UseInfiniteQueryResult }) {
  const intl = useIntl()
  const cause = useCause()
  if (!query.hasNextPage) return null
  const busy = query.isFetchingNextPage ? intl.formatMessage({ id: 'thread.moreBusy' }) : undefined
  return (
    <div className={styles.moreReplies}>
      <Button size="small" kind="quiet" busy={busy} onClick={() => void query.fetchNextPage()}>
        <FormattedMessage id="thread.moreReplies" />
      </Button>
      {query.isFetchNextPageError && <p role="alert">{cause(query.error)}</p>}
    </div>
  )
}

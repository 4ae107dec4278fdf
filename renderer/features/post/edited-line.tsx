import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { PostVersion, PostView } from '../../../core/contract/views.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { formatAgo } from '../../ui/format-ago.ts'
import { formatMoment } from '../../ui/format-moment.ts'
import { MediaGrid } from '../media/media-grid.tsx'
import { useCause } from '../people/use-cause.ts'
import styles from './edited.module.css'
import { PostText } from './post-text.tsx'
import { Warned } from './warned.tsx'

/** Says that a post was edited, and opens what it said before. Nothing for a post as it was written. */
export function EditedLine({ post }: { post: PostView }) {
  const intl = useIntl()
  const [isOpen, setOpen] = useState(false)
  if (post.editedAt === null || post.state !== 'shown') return null
  return (
    <p className={styles.edited}>
      <History size={14} strokeWidth={1.75} aria-hidden />
      <span>
        <FormattedMessage id="post.edited" values={{ when: formatAgo(intl, post.editedAt, Date.now()) }} /> ·{' '}
        <button type="button" className={styles.open} onClick={() => setOpen(true)}>
          <FormattedMessage id="post.history.open" />
        </button>
      </span>
      {isOpen && <HistoryDialog id={post.id} onClose={() => setOpen(false)} />}
    </p>
  )
}

/** Every version that is held here, the newest first. */
function HistoryDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const intl = useIntl()
  const cause = useCause()
  const { orpc } = useRpc()
  const { data, error } = useQuery(orpc.posts.history.queryOptions({ input: { id }, staleTime: 0 }))
  return (
    <Dialog open onClose={onClose} size="composer" title={intl.formatMessage({ id: 'post.history.title' })}>
      {error !== null && data === undefined && (
        <p className={styles.failed} role="alert">
          <FormattedMessage id="post.history.failed" values={{ cause: cause(error) }} />
        </p>
      )}
      <ol className={styles.versions}>
        {data?.items.map((version, index) => (
          <Version key={version.id} version={version} isNow={index === 0} isFirst={index === data.items.length - 1} />
        ))}
      </ol>
      <p className={styles.note}>
        <FormattedMessage id="post.history.note" />
      </p>
    </Dialog>
  )
}

function Version({ version, isNow, isFirst }: { version: PostVersion; isNow: boolean; isFirst: boolean }) {
  const intl = useIntl()
  const name = isNow ? 'now' : isFirst ? 'first' : 'between'
  return (
    <li className={styles.version}>
      <h3 className={styles.when}>
        <FormattedMessage id={`post.history.${name}`} values={{ when: formatMoment(intl, version.ts) }} />
      </h3>
      <Warned id={version.id} warning={version.warning} hasText={version.text !== ''} pictures={version.media.length}>
        {version.text !== '' && <PostText text={version.text} lang={version.lang} />}
        {version.media.length > 0 && <MediaGrid items={version.media} isMine={false} />}
      </Warned>
    </li>
  )
}

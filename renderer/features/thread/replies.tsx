import { FormattedMessage } from 'react-intl'
import { Link } from 'wouter'
import type { PostView, Thread } from '../../../core/contract/views.ts'
import { threadPath } from '../../app/routes.ts'
import { classNames } from '../../ui/class-names.ts'
import { FoldedPost } from '../moderation/folded-post.tsx'
import { PostItem } from '../post/post-item.tsx'
import styles from './thread.module.css'
import { replyRows } from './thread-rows.ts'

export interface RepliesProps {
  replies: Thread['replies']
  /** Posts of the feed before these. */
  from: number
  setSize: number
  /** The post that they answer. */
  openId: string
  /** In the place of those whose authors aren't to be seen. */
  posts: ReadonlyMap<string, PostView>
  /** Of a post whose author isn't to be seen. */
  onShow: (id: string) => void
}

/** Answers, one hairline of indent a level and three levels at most; deeper ones open as a thread of their own. */
export function Replies({ replies, openId, from, setSize, posts, onShow }: RepliesProps) {
  return (
    <>
      {replyRows(replies, posts).map((row, index) => (
        <div
          key={row.post.id}
          className={classNames(styles.reply, row.startsBranch && styles.branch)}
          data-indent={row.indent}
        >
          {row.post.silence === undefined ? (
            <PostItem
              post={row.post}
              frame="bare"
              position={from + index + 1}
              setSize={setSize}
              hideReplyLine={row.indent > 1 || row.post.reply?.parent.id === openId}
            />
          ) : (
            <FoldedPost post={row.post} silence={row.post.silence} onShow={() => onShow(row.post.id)} />
          )}
          {row.folded > 0 && (
            <Link href={threadPath(row.post.id)} className={styles.continue}>
              <FormattedMessage id="thread.continue" values={{ count: row.folded }} />
            </Link>
          )}
        </div>
      ))}
    </>
  )
}

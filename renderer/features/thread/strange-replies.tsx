import { Users } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Button } from '../../ui/button.tsx'
import { useCause } from '../people/use-cause.ts'
import { MoreReplies } from './more-replies.tsx'
import { Replies } from './replies.tsx'
import styles from './thread.module.css'
import { useThread } from './use-thread.ts'
import { useUnfolded } from './use-unfolded.ts'

export interface StrangeRepliesProps {
  /** The post that is answered. */
  id: string
  /** How many there are. */
  count: number
  /** Posts of the feed before these. */
  from: number
  setSize: number
}

/** Answers by people whom nobody here knows: one row, and only on a press what they say. */
export function StrangeReplies({ id, count, from, setSize }: StrangeRepliesProps) {
  const intl = useIntl()
  const cause = useCause()
  const [isOpen, setOpen] = useState(false)
  const { query, thread } = useThread(id, 'only', isOpen)
  const { posts, show } = useUnfolded()
  return (
    <>
      <div className={styles.strangers}>
        <Users size={20} strokeWidth={1.75} aria-hidden />
        <p>
          <FormattedMessage id="thread.strangers" values={{ count }} />
        </p>
        <Button
          size="small"
          kind="quiet"
          aria-expanded={isOpen}
          busy={isOpen && query.isPending ? intl.formatMessage({ id: 'thread.moreBusy' }) : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <FormattedMessage id={isOpen ? 'thread.hideStrangers' : 'thread.showStrangers'} />
        </Button>
      </div>
      {isOpen && query.isError && !thread && (
        <p role="alert" className={styles.strangersFailed}>
          {cause(query.error)}
        </p>
      )}
      {isOpen && thread && (
        <>
          <Replies replies={thread.replies} openId={id} from={from} setSize={setSize} posts={posts} onShow={show} />
          <MoreReplies query={query} />
        </>
      )}
    </>
  )
}

import { Eye } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import type { PostView, Silence } from '../../../core/contract/views.ts'
import { Button } from '../../ui/button.tsx'
import { useCalled } from '../people/use-called.ts'
import styles from './moderation.module.css'

export interface FoldedPostProps {
  post: PostView
  silence: Silence
  onShow: () => void
}

/** The place of a post in a thread whose author isn't to be seen: why, and a way to see it all the same. */
export function FoldedPost({ post, silence, onShow }: FoldedPostProps) {
  const called = useCalled()
  const name = called({ profile: post.author, name: post.name })
  return (
    <div className={styles.fold} data-fold={silence}>
      <p>
        <FormattedMessage id={`moderation.fold.${silence}`} values={{ name: <bdi>{name}</bdi> }} />
      </p>
      <Button size="small" kind="quiet" icon={<Eye size={16} strokeWidth={1.75} aria-hidden />} onClick={onShow}>
        <FormattedMessage id="moderation.fold.show" />
      </Button>
    </div>
  )
}

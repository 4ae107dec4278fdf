import type { PostView } from '../../../core/contract/views.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { readyUrl } from '../media/media-url.ts'
import { useCalled } from '../people/use-called.ts'
import { Warned } from '../post/warned.tsx'
import styles from './composer.module.css'

/** The post that is answered, above the field, joined to it by a hairline. */
export function QuotedParent({ post }: { post: PostView }) {
  const called = useCalled()
  return (
    <div className={styles.parent}>
      <Avatar profile={post.author} name={post.name} size={44} src={readyUrl(post.avatar)} />
      <div className={styles.parentWords}>
        <p className={styles.parentName}>
          <bdi>{called({ profile: post.author, name: post.name })}</bdi>
        </p>
        <Warned id={post.id} warning={post.warning} hasText={post.text !== ''} pictures={post.media.length}>
          <p className={styles.parentText} dir="auto" lang={post.lang ?? undefined}>
            {post.text}
          </p>
        </Warned>
      </div>
    </div>
  )
}

import { FormattedMessage } from 'react-intl'
import type { PostView } from '../../../core/contract/views.ts'
import { useSettings } from '../../app/use-settings.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useComposer } from '../composer/use-composer.ts'
import { readyUrl } from '../media/media-url.ts'
import { useCalled } from '../people/use-called.ts'
import { useMe } from '../people/use-me.ts'
import { useOwnProfile } from '../people/use-own-profile.ts'
import styles from './thread.module.css'

/** Looks like the field it opens: the composer, as the answer to this post. */
export function ReplyField({ post }: { post: PostView }) {
  const composer = useComposer()
  const me = useMe()
  const own = useOwnProfile()
  const called = useCalled()
  const { settings } = useSettings()
  if (!me) return null
  return (
    <button type="button" className={styles.field} onClick={() => composer.open(post)}>
      <Avatar profile={me.profile} name={me.name} size={34} src={readyUrl(own?.avatar ?? null)} />
      <span className={styles.fieldText}>
        <FormattedMessage
          id="thread.replyTo"
          values={{ name: <bdi>{called({ profile: post.author, name: post.name })}</bdi> }}
        />
      </span>
      {settings.singleKeys && <kbd aria-hidden>r</kbd>}
    </button>
  )
}

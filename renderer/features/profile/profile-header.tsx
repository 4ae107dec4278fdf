import { Copy, Ellipsis, Pencil, QrCode } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { ProfileView } from '../../../core/contract/views.ts'
import { shortPeerId } from '../../../core/identity/peer-id.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useListsMenu } from '../lists/use-lists-menu.tsx'
import { readyUrl } from '../media/media-url.ts'
import { useSilencingMenu } from '../moderation/use-silencing-menu.tsx'
import { FollowButton } from '../people/follow-button.tsx'
import { useCalled } from '../people/use-called.ts'
import { useCopy } from '../people/use-copy.ts'
import { usePetnameMenu } from '../people/use-petname-menu.tsx'
import { PostText } from '../post/post-text.tsx'
import { ShareSheet } from '../share/share-sheet.tsx'
import { CompletenessLine } from './completeness-line.tsx'
import { EditProfileDialog } from './edit-profile-dialog.tsx'
import styles from './profile.module.css'

export function ProfileHeader({ view }: { view: ProfileView }) {
  const intl = useIntl()
  const { copy, failure } = useCopy()
  const [isSharing, setSharing] = useState(false)
  const [isEditing, setEditing] = useState(false)
  const { profile, counts } = view
  const called = useCalled()
  const name = called(view)
  const silencing = useSilencingMenu(view, view.silences)
  const petname = usePetnameMenu(view)
  const lists = useListsMenu({ profile, name })
  const isKnown = view.state === 'known' || view.isMe
  return (
    <div className={styles.header}>
      <div className={styles.top}>
        <Avatar profile={profile} name={view.name} size={92} src={readyUrl(view.avatar)} />
        <div className={styles.buttons}>
          <Button icon={<QrCode size={17} strokeWidth={1.75} aria-hidden />} onClick={() => setSharing(true)}>
            <FormattedMessage id="profile.share" />
          </Button>
          {view.isMe ? (
            <Button icon={<Pencil size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setEditing(true)}>
              <FormattedMessage id="profile.edit" />
            </Button>
          ) : (
            <>
              <FollowButton profile={profile} name={view.name} follow={view.follow} isMain />
              <Menu
                items={[petname.item, lists.item, ...silencing.items]}
                trigger={
                  <IconButton
                    label={intl.formatMessage({ id: 'moderation.more' }, { name })}
                    icon={<Ellipsis size={18} strokeWidth={1.75} aria-hidden />}
                  />
                }
              />
            </>
          )}
        </div>
      </div>
      {silencing.aside}
      {petname.aside}
      {lists.aside}
      <h2 className={styles.name}>
        <bdi>{name}</bdi>
      </h2>
      {view.name !== '' && name !== view.name && (
        <p className={styles.ownName}>
          <FormattedMessage id="people.petname.own" values={{ name: <bdi>{view.name}</bdi> }} />
        </p>
      )}
      <p className={styles.id}>
        <span dir="ltr">{shortPeerId(profile)}</span>
        <IconButton
          className={styles.copy}
          label={intl.formatMessage({ id: 'profile.copyId' })}
          icon={<Copy size={15} strokeWidth={1.75} aria-hidden />}
          onClick={() => void copy(profile, 'profile.idCopied')}
        />
        {view.isMe && (
          <span>
            <FormattedMessage id="profile.you" />
          </span>
        )}
        {view.followsMe && (
          <span>
            <FormattedMessage id="profile.followsYou" />
          </span>
        )}
      </p>
      {failure !== undefined && (
        <p className={styles.failed} role="alert">
          {failure}
        </p>
      )}
      {view.bio !== '' && (
        <div className={styles.bio}>
          <PostText text={view.bio} lang={null} />
        </div>
      )}
      {isKnown && (
        <p className={styles.counts}>
          <Count id="profile.posts" value={counts.posts} />
          <Count id="profile.following" value={counts.following} />
          <Count id="profile.followers" value={counts.followers} />
        </p>
      )}
      {isKnown && !view.isMe && counts.posts + counts.missing > 0 && <CompletenessLine view={view} />}
      <ShareSheet open={isSharing} onClose={() => setSharing(false)} profile={profile} />
      {isEditing && <EditProfileDialog view={view} onClose={() => setEditing(false)} />}
    </div>
  )
}

function Count({ id, value }: { id: 'profile.posts' | 'profile.following' | 'profile.followers'; value: number }) {
  return (
    <span>
      <FormattedMessage id={id} values={{ count: value }} />
    </span>
  )
}

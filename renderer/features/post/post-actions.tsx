import {
  Bookmark,
  Copy,
  Ellipsis,
  Heart,
  Link2,
  MessageCircle,
  MessagesSquare,
  PenLine,
  Quote,
  Repeat2,
  Trash2,
} from 'lucide-react'
import { useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { PostView } from '../../../core/contract/views.ts'
import { threadPath } from '../../app/routes.ts'
import { classNames } from '../../ui/class-names.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useComposer } from '../composer/use-composer.ts'
import { useSilencingMenu } from '../moderation/use-silencing-menu.tsx'
import { useCopy } from '../people/use-copy.ts'
import { useMe } from '../people/use-me.ts'
import { usePetnameMenu } from '../people/use-petname-menu.tsx'
import { useKeyedActs } from './act-event.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import styles from './post.module.css'
import { isSame, SignPicker } from './sign-picker.tsx'
import { SignRow } from './sign-row.tsx'
import { useDeletion } from './use-deletion.tsx'
import { type PostFailure, usePostActions } from './use-post-actions.ts'

const ICON = { size: 18, strokeWidth: 1.75, 'aria-hidden': true } as const

/** Link to a post, as it can be pasted into any Palabre. */
export function postLink(post: Pick<PostView, 'author' | 'id'>): string {
  return `palabre:${post.author}/${post.id}`
}

export interface PostActionsProps {
  post: PostView
  /** The page shows this thread already. */
  isOpen?: boolean
}

export function PostActions({ post, isOpen = false }: PostActionsProps) {
  const intl = useIntl()
  const [, navigate] = useLocation()
  const composer = useComposer()
  const { copy, failure: copyFailure } = useCopy()
  const actions = usePostActions(post)
  const silencing = useSilencingMenu({ profile: post.author, name: post.name })
  const petname = usePetnameMenu({ profile: post.author, name: post.name })
  const deletion = useDeletion(post)
  const [isDeleting, setDeleting] = useState(false)
  const bar = useRef<HTMLDivElement>(null)
  const { counts, mine } = post
  const isMine = useMe()?.profile === post.author
  const hasHeart = isSame(mine.reaction, '❤')
  const say = (id: string, count: number) => intl.formatMessage({ id }, { count })
  const figure = (count: number) => (count === 0 ? undefined : intl.formatNumber(count))

  const quote = () => composer.quote(post)
  const [isPicking, setPicking] = useState(false)
  useKeyedActs(bar, { repost: actions.toggleRepost, quote, pick: () => setPicking(true) })
  const spreading: MenuItem[] = [
    {
      icon: <Repeat2 {...ICON} />,
      label: intl.formatMessage({ id: mine.reposted ? 'post.unrepost' : 'post.repostNow' }),
      shortcut: 't',
      onSelect: actions.toggleRepost,
    },
    {
      icon: <Quote {...ICON} />,
      label: intl.formatMessage({ id: 'post.quote' }),
      shortcut: 'q',
      onSelect: quote,
    },
  ]

  const items: MenuItem[] = [
    {
      icon: <Link2 {...ICON} />,
      label: intl.formatMessage({ id: 'post.copyLink' }),
      onSelect: () => void copy(postLink(post), 'post.linkCopied'),
    },
    {
      icon: <Copy {...ICON} />,
      label: intl.formatMessage({ id: 'post.copyText' }),
      onSelect: () => void copy(post.text, 'post.textCopied'),
    },
  ]
  if (!isOpen) {
    items.unshift({
      icon: <MessagesSquare {...ICON} />,
      label: intl.formatMessage({ id: 'post.openThread' }),
      shortcut: '↵',
      onSelect: () => navigate(threadPath(post.id)),
    })
  }
  if (isMine) {
    items.push({
      icon: <PenLine {...ICON} />,
      label: intl.formatMessage({ id: 'post.edit' }),
      onSelect: () => composer.edit(post),
    })
    items.push({
      icon: <Trash2 {...ICON} />,
      label: intl.formatMessage({ id: 'post.delete' }),
      danger: true,
      onSelect: () => setDeleting(true),
    })
  }

  if (!isMine) items.push(petname.item, ...silencing.items)

  const toast = useToast()
  const react = (emoji: string | null) => {
    const before = mine.reaction
    actions.react(emoji)
    toast({
      text: intl.formatMessage({ id: emoji === null ? 'post.unreactedToast' : 'post.reactedToast' }, { emoji }),
      icon: <Heart {...ICON} />,
      action: { label: intl.formatMessage({ id: 'ui.undo' }), onSelect: () => actions.react(before, emoji) },
    })
  }
  const toggleKept = () => {
    actions.keep(!actions.isKept)
    if (!actions.isKept) return
    toast({
      text: intl.formatMessage({ id: 'post.unkept' }),
      icon: <Bookmark {...ICON} />,
      action: { label: intl.formatMessage({ id: 'ui.undo' }), onSelect: () => actions.keep(true, sayNotKept) },
    })
  }
  /** In the list of bookmarks the post is gone by then, and what it would say with it. */
  const sayNotKept = ({ cause, retry }: PostFailure) =>
    toast({
      text: intl.formatMessage({ id: 'post.failed.keep' }, { cause }),
      isFailure: true,
      action: { label: intl.formatMessage({ id: 'ui.retry' }), onSelect: retry },
    })

  /** The buttons go away with the text, and the focus with them: it goes on from the post. */
  const remove = () => {
    const article = bar.current?.closest('article')
    setDeleting(false)
    deletion.begin()
    requestAnimationFrame(() => article?.focus({ preventScroll: true }))
  }

  if (deletion.state !== undefined && deletion.state.status !== 'failed') return null

  return (
    <>
      <SignRow post={post} onReact={react} />
      <div className={styles.actions} ref={bar} data-acts>
        <IconButton
          className={styles.action}
          data-action="reply"
          label={say('post.reply', counts.replies)}
          icon={<MessageCircle {...ICON} />}
          text={figure(counts.replies)}
          onClick={() => composer.open(post)}
        />
        <Menu
          align="start"
          items={spreading}
          trigger={
            <IconButton
              className={styles.action}
              data-action="repost"
              label={say(mine.reposted ? 'post.reposted' : 'post.repost', counts.reposts)}
              pressed={mine.reposted}
              icon={<Repeat2 {...ICON} />}
              text={figure(counts.reposts)}
            />
          }
        />
        <IconButton
          className={styles.action}
          data-action="react"
          label={say(hasHeart ? 'post.reacted' : 'post.react', counts.reactions)}
          pressed={hasHeart}
          icon={<Heart {...ICON} fill={hasHeart ? 'currentColor' : 'none'} />}
          text={figure(counts.reactions)}
          onClick={actions.toggleHeart}
        />
        <SignPicker mine={mine.reaction} isOpen={isPicking} onOpenChange={setPicking} onPick={react} />
        <IconButton
          className={classNames(styles.action, styles.keep)}
          data-action="keep"
          label={intl.formatMessage({ id: actions.isKept ? 'post.unkeep' : 'post.keep' })}
          pressed={actions.isKept}
          icon={<Bookmark {...ICON} fill={actions.isKept ? 'currentColor' : 'none'} />}
          onClick={toggleKept}
        />
        <Menu
          items={items}
          trigger={
            <IconButton
              className={styles.more}
              data-action="more"
              label={intl.formatMessage({ id: 'post.more' })}
              icon={<Ellipsis {...ICON} />}
            />
          }
        />
      </div>
      {actions.failure && (
        <p className={styles.failed} role="alert">
          <FormattedMessage id={`post.failed.${actions.failure.act}`} values={{ cause: actions.failure.cause }} />{' '}
          <button type="button" className={styles.link} onClick={actions.failure.retry}>
            <FormattedMessage id="ui.retry" />
          </button>
        </p>
      )}
      {deletion.state?.status === 'failed' && (
        <p className={styles.failed} role="alert">
          <FormattedMessage id="post.failed.delete" values={{ cause: deletion.state.cause }} />{' '}
          <button type="button" className={styles.link} onClick={remove}>
            <FormattedMessage id="ui.retry" />
          </button>
        </p>
      )}
      {copyFailure !== undefined && (
        <p className={styles.failed} role="alert">
          {copyFailure}
        </p>
      )}
      {silencing.aside}
      {petname.aside}
      {isDeleting && <DeleteDialog onDelete={remove} onClose={() => setDeleting(false)} />}
    </>
  )
}

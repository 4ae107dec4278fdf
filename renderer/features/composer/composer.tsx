import { Accessibility, CircleAlert, Image as ImageIcon, X } from 'lucide-react'
import { type ClipboardEvent, type DragEvent, useLayoutEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Account, PostView } from '../../../core/contract/views.ts'
import { MAX_ALT_BYTES } from '../../../core/record/limits.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { formatClock } from '../../ui/format-moment.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { readyUrl } from '../media/media-url.ts'
import { PICTURE_TYPES } from '../media/prepare-picture.ts'
import { ClockHint } from '../network/clock-notes.tsx'
import { useCalled } from '../people/use-called.ts'
import { useOwnProfile } from '../people/use-own-profile.ts'
import { QuotedCard } from '../post/quoted-card.tsx'
import styles from './composer.module.css'
import { contentOfPost, isChanged, MAX_PICTURES, type Notice } from './composer-state.ts'
import { Counter } from './counter.tsx'
import { LanguageMenu, readPostLanguage } from './language-menu.tsx'
import { MentionField } from './mention-field.tsx'
import { PictureRow } from './picture-row.tsx'
import { QuotedParent } from './quoted-parent.tsx'
import { countBytes, MAX_TEXT_BYTES, measureText } from './text-budget.ts'
import { ThreadParts } from './thread-parts.tsx'
import { useComposerContent } from './use-composer-content.ts'
import { useSend } from './use-send.ts'
import { WarningField, WarningToggle, warningExcess } from './warning-field.tsx'

const IS_MAC = /Mac|iPhone|iPad/u.test(navigator.userAgent)

export interface ComposerProps {
  draftKey: string
  me: Account
  replyTo: PostView | undefined
  /** An own post that gets another text. */
  edited: PostView | undefined
  quoted: PostView | undefined
  onClose: () => void
}

/** Writes a post, a reply or a quote, or edits one. Closing keeps the draft; only sending and discarding end it. */
export function Composer({ draftKey, me, replyTo, edited, quoted, onClose }: ComposerProps) {
  const intl = useIntl()
  const own = useOwnProfile()
  const called = useCalled()
  const [base] = useState(() => edited && contentOfPost(edited))
  const draft = useComposerContent(draftKey, base)
  const { content, savedAt } = draft
  const { send, isSending, failure } = useSend(
    { author: me.profile, replyTo, edited, quoted },
    {
      done: () => {
        draft.clear()
        onClose()
      },
      broken: draft.keepRest,
    },
  )
  const field = useRef<HTMLTextAreaElement>(null)
  const [lang, setLang] = useState(() => (edited === undefined ? readPostLanguage() : (edited.lang ?? undefined)))
  const budget = measureText(content.text)
  const isEmpty = content.text.trim() === '' && content.pictures.length === 0
  const isReading = content.pictures.some((picture) => picture.status === 'reading')
  const isAltLong = content.pictures.some((picture) => countBytes(picture.alt) > MAX_ALT_BYTES)
  const hasChanged = edited === undefined || isChanged(content, edited) || lang !== (edited.lang ?? undefined)
  const warned = { warning: content.warning, isWarned: content.isWarned, onChange: draft.setWarning }
  const isUnworded = content.isWarned && content.warning.trim() === ''
  const isWarningWrong = isUnworded || (content.isWarned && warningExcess(content.warning) > 0)
  const isPartLong = content.more.some((part) => measureText(part.text).left < 0)
  const canSend =
    !isPartLong && !isWarningWrong && !isEmpty && !isReading && !isAltLong && budget.left >= 0 && hasChanged
  const shownQuote = quoted ?? edited?.quote
  const undescribed = content.pictures.filter((picture) => picture.alt.trim() === '').length

  const submit = () => {
    if (canSend && !isSending) void send(content, lang)
  }

  return (
    <Dialog
      open
      onClose={onClose}
      size="composer"
      initialFocus={field}
      title={intl.formatMessage({
        id: titleOf({ edited, replyTo, quoted }),
      })}
      note={<DraftNote savedAt={savedAt} isEmpty={isEmpty} />}
    >
      <DropArea onFiles={draft.addFiles} onSend={submit}>
        {replyTo && <QuotedParent post={replyTo} />}
        <div className={styles.writing}>
          <span className={styles.face}>
            <Avatar profile={me.profile} name={me.name} size={44} src={readyUrl(own?.avatar ?? null)} />
          </span>
          <div className={styles.column}>
            <WarningField {...warned} />
            {content.after !== undefined && (
              <p className={styles.continues}>
                <FormattedMessage id="composer.continues" />{' '}
                <button type="button" className={styles.reset} onClick={draft.detach}>
                  <FormattedMessage id="composer.detach" />
                </button>
              </p>
            )}
            <MentionField
              field={field}
              label={
                replyTo
                  ? intl.formatMessage(
                      { id: 'composer.replyLabel' },
                      { name: called({ profile: replyTo.author, name: replyTo.name }) },
                    )
                  : intl.formatMessage({ id: 'composer.label' })
              }
              placeholder={intl.formatMessage({ id: 'composer.placeholder' })}
              className={styles.text}
              dir="auto"
              lang={lang}
              text={content.text}
              mentions={content.mentions}
              aria-describedby="composer-counter"
              onText={draft.setText}
            />
            <GrowWith text={content.text} field={field} />
            {content.pictures.map((picture, index) => (
              <PictureRow
                key={picture.key}
                picture={picture}
                index={index}
                onAlt={(alt) => draft.setAlt(picture.key, alt)}
                onRemove={() => draft.removePicture(picture.key)}
              />
            ))}
            {content.notices.map((notice) => (
              <PictureNotice key={notice.key} notice={notice} onDismiss={() => draft.dismiss(notice.key)} />
            ))}
            {edited === undefined && (
              <ThreadParts parts={content.more} lang={lang} onChange={draft.setParts} onMove={draft.movePart} />
            )}
            {shownQuote && content.after === undefined && <QuotedCard quote={shownQuote} isStill />}
          </div>
        </div>
        <div className={styles.end}>
          {budget.left < 0 && (
            <p className={styles.failed} role="alert">
              <CircleAlert size={17} strokeWidth={1.9} aria-hidden />
              <span>
                <FormattedMessage id="composer.tooLong" values={{ over: -budget.left, limit: MAX_TEXT_BYTES }} />
              </span>
            </p>
          )}
          {failure !== undefined && (
            <p className={styles.failed} role="alert">
              <CircleAlert size={17} strokeWidth={1.9} aria-hidden />
              <span>
                {failure.posted > 0 ? (
                  <FormattedMessage
                    id={failure.isUncertain ? 'composer.brokenUncertain' : 'composer.broken'}
                    values={{ n: failure.posted, cause: failure.cause }}
                  />
                ) : failure.isUncertain ? (
                  <FormattedMessage id="composer.uncertain" />
                ) : (
                  <FormattedMessage id="composer.failed" values={{ cause: failure.cause }} />
                )}
              </span>
            </p>
          )}
          <div className={styles.foot}>
            <PicturePicker count={content.pictures.length} onFiles={draft.addFiles} />
            <WarningToggle {...warned} />
            <LanguageMenu value={lang} onChange={setLang} />
            <div className={styles.sending}>
              <Counter budget={budget} />
              <Button
                kind="primary"
                busy={
                  isSending ? intl.formatMessage({ id: edited ? 'composer.saving' : 'composer.posting' }) : undefined
                }
                disabled={!canSend}
                disabledReason={
                  isPartLong
                    ? intl.formatMessage({ id: 'composer.partLong' })
                    : budget.left < 0
                      ? intl.formatMessage({ id: 'composer.over' }, { over: -budget.left })
                      : intl.formatMessage({
                          id: isWarningWrong
                            ? isUnworded
                              ? 'composer.warningEmpty'
                              : 'composer.warningOver'
                            : isReading
                              ? 'composer.wait'
                              : hasChanged
                                ? 'composer.empty'
                                : 'composer.unchanged',
                        })
                }
                aria-keyshortcuts="Control+Enter Meta+Enter"
                onClick={submit}
              >
                <FormattedMessage id={edited ? 'composer.save' : replyTo ? 'composer.reply' : 'composer.post'} />
                <kbd className={styles.keys} aria-hidden>
                  <FormattedMessage id="composer.send" values={{ mac: IS_MAC ? 'yes' : 'no' }} />
                </kbd>
              </Button>
            </div>
          </div>
          {edited !== undefined && (
            <p className={styles.editNote}>
              {savedAt !== null && hasChanged && (
                <>
                  <FormattedMessage id="composer.editDraft" />{' '}
                  <button type="button" className={styles.reset} onClick={draft.clear}>
                    <FormattedMessage id="composer.editReset" />
                  </button>{' '}
                </>
              )}
              <FormattedMessage id="composer.editNote" />
            </p>
          )}
          <ClockHint className={styles.reminder} />
          {undescribed > 0 && (
            <p className={styles.reminder} role="status">
              <Accessibility size={18} strokeWidth={1.75} aria-hidden />
              <span>
                <FormattedMessage id="composer.missingAlt" values={{ count: undescribed }} />
              </span>
            </p>
          )}
        </div>
      </DropArea>
    </Dialog>
  )
}

function titleOf({ edited, replyTo, quoted }: Pick<ComposerProps, 'edited' | 'replyTo' | 'quoted'>): string {
  if (edited) return 'composer.editTitle'
  if (quoted) return 'composer.quoteTitle'
  return replyTo ? 'composer.replyTitle' : 'composer.title'
}

function DraftNote({ savedAt, isEmpty }: { savedAt: number | null | false; isEmpty: boolean }) {
  const intl = useIntl()
  if (savedAt === false) return <FormattedMessage id="composer.draftNotSaved" />
  if (savedAt === null || isEmpty) return null
  return <FormattedMessage id="composer.draftSaved" values={{ time: formatClock(intl, savedAt) }} />
}

/** Makes the field as high as its text, so that the dialog grows instead of scrolling inside. */
function GrowWith({ text, field }: { text: string; field: React.RefObject<HTMLTextAreaElement | null> }) {
  useLayoutEffect(() => {
    void text
    const element = field.current
    if (!element) return
    element.style.blockSize = 'auto'
    element.style.blockSize = `${element.scrollHeight}px`
  }, [text, field])
  return null
}

interface DropAreaProps {
  onFiles: (files: readonly File[]) => void
  onSend: () => void
  children: React.ReactNode
}

/** Takes pictures that are dropped or pasted anywhere in the composer, and Ctrl/⌘ + Enter. */
function DropArea({ onFiles, onSend, children }: DropAreaProps) {
  const [isOver, setOver] = useState(false)
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping and pasting have their button beside them
    <div
      className={classNames(styles.area, isOver && styles.over)}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        setOver(false)
        if (!hasFiles(event)) return
        event.preventDefault()
        onFiles([...event.dataTransfer.files])
      }}
      onPaste={(event: ClipboardEvent) => {
        const files = [...event.clipboardData.files]
        if (files.length === 0) return
        event.preventDefault()
        onFiles(files)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return
        event.preventDefault()
        onSend()
      }}
    >
      {children}
      {isOver && (
        <p className={styles.dropHint} aria-hidden>
          <FormattedMessage id="composer.drop" />
        </p>
      )}
    </div>
  )
}

function PicturePicker({ count, onFiles }: { count: number; onFiles: (files: readonly File[]) => void }) {
  const intl = useIntl()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton
        label={intl.formatMessage({ id: 'composer.addPictures' })}
        icon={<ImageIcon size={20} strokeWidth={1.75} aria-hidden />}
        disabled={count >= MAX_PICTURES}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        accept={PICTURE_TYPES}
        multiple
        hidden
        aria-hidden
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

function PictureNotice({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }) {
  const intl = useIntl()
  return (
    <p className={styles.notice} role="alert">
      <CircleAlert size={17} strokeWidth={1.75} aria-hidden />
      <span>
        {notice.problem === 'too-many' ? (
          <FormattedMessage id="composer.tooMany" values={{ count: MAX_PICTURES }} />
        ) : (
          <FormattedMessage
            id={`composer.problem.${notice.problem}`}
            values={{
              name: <bdi>{notice.name || intl.formatMessage({ id: 'composer.pictureAlt' }, { index: 1 })}</bdi>,
            }}
          />
        )}
      </span>
      <IconButton
        label={intl.formatMessage({ id: 'composer.dismiss' })}
        icon={<X size={15} aria-hidden />}
        onClick={onDismiss}
      />
    </p>
  )
}

import type { PostView, RecordRef } from '../../../core/contract/views.ts'
import { readyUrl } from '../media/media-url.ts'
import type { PictureProblem } from '../media/prepare-picture.ts'
import { fromByteRanges } from '../post/byte-ranges.ts'
import type { Draft, DraftPicture } from './draft-store.ts'
import { type TextMention, trimMentions } from './mention-text.ts'

export const MAX_PICTURES = 8
/** Of a thread that is written at once, the first post among them. */
export const MAX_PARTS = 20

/** What goes on below the first post of a thread. */
export interface ComposerPart {
  key: string
  text: string
  mentions: readonly TextMention[]
}

export interface ComposerPicture extends DraftPicture {
  status: 'reading' | 'ready'
  blob: Blob | undefined
  /** Object URL of the re-encoded picture. */
  url: string | undefined
  isFirstFrameOnly: boolean
}

export interface Notice {
  key: string
  /** lost: the bytes were not kept with the draft */
  problem: PictureProblem | 'lost' | 'too-many'
  name: string
}

export interface ComposerContent {
  text: string
  mentions: readonly TextMention[]
  /** Further parts, each a reply to the one before. */
  more: readonly ComposerPart[]
  /** The last part that is posted already, where a thread broke off: the rest goes on below it. */
  after: RecordRef | undefined
  /** The words of a content warning; kept while it is taken off. */
  warning: string
  isWarned: boolean
  pictures: ComposerPicture[]
  notices: Notice[]
}

export type ComposerAction =
  | { type: 'text'; text: string; mentions: readonly TextMention[] }
  | { type: 'parts'; more: readonly ComposerPart[] }
  | { type: 'moved'; index: number; step: 1 | -1 }
  | { type: 'posted'; after: RecordRef; rest: readonly ComposerPart[] }
  | { type: 'detached' }
  | { type: 'warning'; warning: string; isWarned: boolean }
  | { type: 'alt'; key: string; alt: string }
  | { type: 'reading'; key: string }
  | { type: 'ready'; key: string; picture: Omit<ComposerPicture, 'key' | 'alt' | 'status'> }
  | { type: 'failed'; key: string; problem: Notice['problem']; name: string }
  | { type: 'removed'; key: string }
  | { type: 'dismissed'; key: string }
  | { type: 'cleared'; content?: ComposerContent }

export function emptyContent(): ComposerContent {
  return { text: '', mentions: [], more: [], after: undefined, warning: '', isWarned: false, pictures: [], notices: [] }
}

/** What is being written, from a draft; its pictures wait for their bytes. */
export function contentOf(draft: Draft | undefined): ComposerContent {
  if (!draft) return emptyContent()
  return {
    text: draft.text,
    mentions: draft.mentions ?? [],
    more: draft.more ?? [],
    after: draft.after,
    warning: draft.warning ?? '',
    isWarned: draft.isWarned ?? false,
    pictures: draft.pictures.map((picture) => ({
      ...picture,
      status: picture.posted === undefined ? 'reading' : 'ready',
      blob: undefined,
      url: picture.posted && readyUrl({ ...picture.posted, state: 'here' }),
      isFirstFrameOnly: false,
    })),
    notices: [],
  }
}

/** A post as it stands, to be edited. */
export function contentOfPost(post: PostView): ComposerContent {
  return {
    text: post.text,
    mentions: mentionsOf(post),
    more: [],
    after: undefined,
    warning: post.warning ?? '',
    isWarned: post.warning !== undefined,
    pictures: post.media.map((view, index) => {
      const { state: _state, ...posted } = view
      const { alt, width, height, type, thumbhash = '' } = posted
      const url = readyUrl(view)
      const key = `${index}.${posted.cid}`
      return {
        key,
        alt,
        width,
        height,
        thumbhash,
        type,
        posted,
        status: 'ready',
        blob: undefined,
        url,
        isFirstFrameOnly: false,
      }
    }),
    notices: [],
  }
}

function mentionsOf({ text, mentions = [] }: PostView): TextMention[] {
  return fromByteRanges(text, mentions).map(({ start, end, profile }) => ({ start, end, profile }))
}

/** The warning that goes with the post; undefined for none. */
export function warningOf({ warning, isWarned }: ComposerContent): string | undefined {
  const words = warning.trim()
  return isWarned && words !== '' ? words : undefined
}

/** Whether sending it would change what the post says. */
export function isChanged(content: ComposerContent, post: PostView): boolean {
  const { mentions } = trimMentions(content.text, content.mentions)
  if (JSON.stringify(mentions) !== JSON.stringify(mentionsOf(post))) return true
  if (warningOf(content) !== post.warning) return true
  if (content.text.trim() !== post.text || content.pictures.length !== post.media.length) return true
  return content.pictures.some((picture, index) => {
    const before = post.media[index]
    return picture.posted?.cid !== before?.cid || picture.alt.trim() !== before?.alt
  })
}

/** What of it is kept; pictures that are still being read aren't yet. */
export function draftOf(content: ComposerContent, savedAt: number): Draft {
  return {
    text: content.text,
    ...(content.mentions.length === 0 ? {} : { mentions: content.mentions }),
    ...(content.more.length === 0 ? {} : { more: content.more }),
    ...(content.after === undefined ? {} : { after: content.after }),
    ...(content.warning === '' && !content.isWarned ? {} : { warning: content.warning, isWarned: content.isWarned }),
    pictures: content.pictures
      .filter((picture) => picture.width > 0)
      .map(({ key, alt, width, height, thumbhash, type, posted }) => ({
        ...{ key, alt, width, height, thumbhash, type },
        ...(posted === undefined ? {} : { posted }),
      })),
    savedAt,
  }
}

export function composerReducer(content: ComposerContent, action: ComposerAction): ComposerContent {
  switch (action.type) {
    case 'text':
      return { ...content, text: action.text, mentions: action.mentions }
    case 'parts':
      return { ...content, more: action.more }
    case 'moved':
      return movePart(content, action.index, action.step)
    case 'posted': {
      const [next, ...more] = action.rest
      const { text, mentions } = next ?? newPart()
      return { ...content, text, mentions, more, after: action.after, pictures: [] }
    }
    case 'detached':
      return { ...content, after: undefined }
    case 'warning':
      return { ...content, warning: action.warning, isWarned: action.isWarned }
    case 'alt':
      return changePicture(content, action.key, (picture) => ({ ...picture, alt: action.alt }))
    case 'reading':
      if (content.pictures.length >= MAX_PICTURES) {
        return withNotice(content, { key: action.key, problem: 'too-many', name: '' })
      }
      return { ...content, pictures: [...content.pictures, placeholder(action.key)] }
    case 'ready':
      return changePicture(content, action.key, (picture) => ({ ...picture, ...action.picture, status: 'ready' }))
    case 'failed':
      return withNotice(
        { ...content, pictures: content.pictures.filter((picture) => picture.key !== action.key) },
        { key: action.key, problem: action.problem, name: action.name },
      )
    case 'removed':
      return { ...content, pictures: content.pictures.filter((picture) => picture.key !== action.key) }
    case 'dismissed':
      return { ...content, notices: content.notices.filter((notice) => notice.key !== action.key) }
    case 'cleared':
      return action.content ?? emptyContent()
  }
}

export function newPart(): ComposerPart {
  return { key: crypto.randomUUID(), text: '', mentions: [] }
}

/** All parts with words in them, the first post among them even without. */
export function partsOf({ text, mentions, more }: ComposerContent): ComposerPart[] {
  return [{ key: 'first', text, mentions }, ...more.filter((part) => part.text.trim() !== '')]
}

/** Words change places with their neighbour's; pictures stay with the first post. */
function movePart(content: ComposerContent, index: number, step: 1 | -1): ComposerContent {
  const { text, mentions, more } = content
  const all = [{ key: 'first', text, mentions }, ...more]
  const [one, other] = [all[index], all[index + step]]
  if (one === undefined || other === undefined) return content
  all[index] = { ...other, key: one.key }
  all[index + step] = { ...one, key: other.key }
  const [first, ...rest] = all
  return { ...content, text: first?.text ?? '', mentions: first?.mentions ?? [], more: rest }
}

function placeholder(key: string): ComposerPicture {
  return {
    key,
    alt: '',
    width: 0,
    height: 0,
    thumbhash: '',
    type: '',
    status: 'reading',
    blob: undefined,
    url: undefined,
    isFirstFrameOnly: false,
  }
}

/** One line about too many pictures is enough. */
function withNotice(content: ComposerContent, notice: Notice): ComposerContent {
  const others = content.notices.filter((other) => notice.problem !== 'too-many' || other.problem !== 'too-many')
  return { ...content, notices: [...others, notice] }
}

function changePicture(
  content: ComposerContent,
  key: string,
  change: (picture: ComposerPicture) => ComposerPicture,
): ComposerContent {
  return { ...content, pictures: content.pictures.map((picture) => (picture.key === key ? change(picture) : picture)) }
}

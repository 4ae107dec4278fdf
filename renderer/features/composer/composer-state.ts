import type { PostView } from '../../../core/contract/views.ts'
import { readyUrl } from '../media/media-url.ts'
import type { PictureProblem } from '../media/prepare-picture.ts'
import { fromByteRanges } from '../post/byte-ranges.ts'
import type { Draft, DraftPicture } from './draft-store.ts'
import { type TextMention, trimMentions } from './mention-text.ts'

export const MAX_PICTURES = 8

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
  /** The words of a content warning; kept while it is taken off. */
  warning: string
  isWarned: boolean
  pictures: ComposerPicture[]
  notices: Notice[]
}

export type ComposerAction =
  | { type: 'text'; text: string; mentions: readonly TextMention[] }
  | { type: 'warning'; warning: string; isWarned: boolean }
  | { type: 'alt'; key: string; alt: string }
  | { type: 'reading'; key: string }
  | { type: 'ready'; key: string; picture: Omit<ComposerPicture, 'key' | 'alt' | 'status'> }
  | { type: 'failed'; key: string; problem: Notice['problem']; name: string }
  | { type: 'removed'; key: string }
  | { type: 'dismissed'; key: string }
  | { type: 'cleared'; content?: ComposerContent }

export function emptyContent(): ComposerContent {
  return { text: '', mentions: [], warning: '', isWarned: false, pictures: [], notices: [] }
}

/** What is being written, from a draft; its pictures wait for their bytes. */
export function contentOf(draft: Draft | undefined): ComposerContent {
  if (!draft) return emptyContent()
  return {
    text: draft.text,
    mentions: draft.mentions ?? [],
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

import type { CborValue } from '../../codec/dag-cbor.ts'
import { utf8 } from '../../util/bytes.ts'
import {
  MAX_IMAGES,
  MAX_LANG_BYTES,
  MAX_MENTIONS,
  MAX_POST_TEXT_BYTES,
  MAX_TAGS,
  MAX_WARNING_BYTES,
} from '../limits.ts'
import { BodyFault, type BodyReader, listValue, type PersonRef, readList, readPersonRef } from './body-reader.ts'
import { type MediaEntry, mediaEntryValue, readMediaList } from './media-entry.ts'

/** Bytes [start, end) of the text's UTF-8, on borders of characters. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

export type Mention = TextRange & PersonRef

/** What a post says and an edit says anew; where it stands (reply, quote, gate) is the post's alone. */
export interface PostContent {
  /** At most 3,000 bytes. */
  readonly text: string
  /** BCP 47 tag. */
  readonly lang?: string
  readonly media?: readonly MediaEntry[]
  /** Content warning. */
  readonly warn?: string
  /** Ascending, not overlapping. */
  readonly mentions?: readonly Mention[]
  /** Ranges of hashtags, the sign included; ascending, not overlapping. */
  readonly tags?: readonly TextRange[]
}

const LANG = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/

/** Whether the text may be empty is for the kind to say. @throws BodyFault */
export function readPostContent(reader: BodyReader): PostContent {
  const text = reader.text('text', MAX_POST_TEXT_BYTES)
  return {
    text,
    ...readLang(reader),
    ...(reader.has('media') ? { media: readMediaList(reader.list('media', MAX_IMAGES), reader.name('media')) } : {}),
    ...(reader.has('warn') ? { warn: reader.text('warn', MAX_WARNING_BYTES, 1) } : {}),
    ...(reader.has('mentions') ? { mentions: readMentions(reader, text) } : {}),
    ...(reader.has('tags') ? { tags: readTags(reader, text) } : {}),
  }
}

/** The content's fields as they stand in a body; undefined for what is left out, so that no extra key stands in for it. */
export function postContentFields(content: PostContent): Record<keyof PostContent, CborValue | undefined> {
  const { text, lang, media, warn, mentions, tags } = content
  return {
    text,
    lang,
    media: listValue(media, mediaEntryValue),
    warn,
    mentions: listValue(mentions, ({ start, end, address, genesis }) => [start, end, address, genesis]),
    tags: listValue(tags, ({ start, end }) => [start, end]),
  }
}

function readLang(reader: BodyReader): { lang?: string } {
  const lang = reader.optionalText('lang', MAX_LANG_BYTES, 1)
  if (lang === undefined) return {}
  if (!LANG.test(lang)) throw new BodyFault(`${reader.name('lang')} is ${JSON.stringify(lang)}, not a language tag`)
  return { lang }
}

function readMentions(reader: BodyReader, text: string): Mention[] {
  const mentions = reader.list('mentions', MAX_MENTIONS).map((value, i) => {
    const name = reader.name(`mention ${i + 1}`)
    const [start, end, address, genesis] = readList(value, name, 4, 4)
    return { ...readRange(start, end, name), ...readPersonRef(address, genesis, name) }
  })
  assertRanges(mentions, text, reader.name('mentions'))
  return mentions
}

function readTags(reader: BodyReader, text: string): TextRange[] {
  const tags = reader.list('tags', MAX_TAGS).map((value, i) => {
    const name = reader.name(`tag ${i + 1}`)
    const [start, end] = readList(value, name, 2, 2)
    return readRange(start, end, name)
  })
  assertRanges(tags, text, reader.name('tags'))
  return tags
}

function readRange(start: CborValue | undefined, end: CborValue | undefined, name: string): TextRange {
  if (typeof start !== 'number' || typeof end !== 'number' || start >= end) {
    throw new BodyFault(`${name} is no range of bytes`)
  }
  return { start, end }
}

/** Ranges lie within the text, on borders of characters, ascending and apart from one another. */
function assertRanges(ranges: readonly TextRange[], text: string, name: string): void {
  const bytes = utf8(text)
  let from = 0
  for (const { start, end } of ranges) {
    if (start < from || end > bytes.length) throw new BodyFault(`${name} overlap, are out of order or leave the text`)
    if (isInsideCharacter(bytes, start) || isInsideCharacter(bytes, end)) throw new BodyFault(`${name} cut a character`)
    from = end
  }
}

function isInsideCharacter(bytes: Uint8Array, offset: number): boolean {
  return ((bytes[offset] ?? 0) & 0xc0) === 0x80
}

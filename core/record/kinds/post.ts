import type { CborMap, CborValue } from '../../codec/dag-cbor.ts'
import { utf8 } from '../../util/bytes.ts'
import {
  MAX_GATE_BYTES,
  MAX_IMAGES,
  MAX_LANG_BYTES,
  MAX_MENTIONS,
  MAX_POST_TEXT_BYTES,
  MAX_TAGS,
  MAX_WARNING_BYTES,
} from '../limits.ts'
import {
  BodyFault,
  BodyReader,
  listValue,
  type PersonRef,
  presentFields,
  type RecordRef,
  readList,
  readPersonRef,
  recordRefValue,
  type WithExtras,
} from './body-reader.ts'
import { type MediaEntry, mediaEntryValue, readMediaList } from './media-entry.ts'

/** Bytes [start, end) of the text's UTF-8, on borders of characters. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

export type Mention = TextRange & PersonRef

export interface PostBody extends WithExtras {
  /** 8 random bytes. */
  readonly salt: Uint8Array
  /** At most 3,000 bytes; '' only with media or a quote. */
  readonly text: string
  /** BCP 47 tag. */
  readonly lang?: string
  /** The post that the thread began with, and the one that this answers; alike for a first answer. */
  readonly reply?: { readonly root: RecordRef; readonly parent: RecordRef }
  readonly quote?: RecordRef
  readonly media?: readonly MediaEntry[]
  /** Content warning. */
  readonly warn?: string
  /** Who may reply, a word that readers know or ignore. */
  readonly gate?: string
  /** Ascending, not overlapping. */
  readonly mentions?: readonly Mention[]
  /** Ranges of hashtags, the sign included; ascending, not overlapping. */
  readonly tags?: readonly TextRange[]
}

const LANG = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/

/** @throws BodyFault */
export function readPost(value: CborValue): PostBody {
  const reader = new BodyReader(value, 'post')
  const salt = reader.salt()
  const text = reader.text('text', MAX_POST_TEXT_BYTES)
  const post: PostBody = {
    salt,
    text,
    ...readLang(reader),
    ...(reader.has('reply') ? { reply: readReply(reader.field('reply')) } : {}),
    ...(reader.has('quote') ? { quote: reader.recordRef('quote') } : {}),
    ...(reader.has('media') ? { media: readMediaList(reader.list('media', MAX_IMAGES), 'post media') } : {}),
    ...(reader.has('warn') ? { warn: reader.text('warn', MAX_WARNING_BYTES, 1) } : {}),
    ...(reader.has('gate') ? { gate: reader.text('gate', MAX_GATE_BYTES, 1) } : {}),
    ...(reader.has('mentions') ? { mentions: readMentions(reader.list('mentions', MAX_MENTIONS), text) } : {}),
    ...(reader.has('tags') ? { tags: readTags(reader.list('tags', MAX_TAGS), text) } : {}),
    ...reader.extras(),
  }
  if (text === '' && post.media === undefined && post.quote === undefined) {
    throw new BodyFault('post text is empty, and there is neither media nor a quote')
  }
  return post
}

export function postValue(post: PostBody): CborMap {
  const { salt, text, lang, reply, quote, media, warn, gate, mentions, tags, extras } = post
  return presentFields({
    ...extras,
    salt,
    text,
    lang,
    reply: reply && { root: recordRefValue(reply.root), parent: recordRefValue(reply.parent) },
    quote: quote && recordRefValue(quote),
    media: listValue(media, mediaEntryValue),
    warn,
    gate,
    mentions: listValue(mentions, ({ start, end, address, genesis }) => [start, end, address, genesis]),
    tags: listValue(tags, ({ start, end }) => [start, end]),
  })
}

function readLang(reader: BodyReader): { lang?: string } {
  const lang = reader.optionalText('lang', MAX_LANG_BYTES, 1)
  if (lang === undefined) return {}
  if (!LANG.test(lang)) throw new BodyFault(`post lang is ${JSON.stringify(lang)}, not a language tag`)
  return { lang }
}

function readReply(value: CborValue | undefined): { root: RecordRef; parent: RecordRef } {
  const reader = new BodyReader(value, 'post reply')
  return { root: reader.recordRef('root'), parent: reader.recordRef('parent') }
}

function readMentions(values: readonly CborValue[], text: string): Mention[] {
  const mentions = values.map((value, i) => {
    const name = `post mention ${i + 1}`
    const [start, end, address, genesis] = readList(value, name, 4, 4)
    return { ...readRange(start, end, name), ...readPersonRef(address, genesis, name) }
  })
  assertRanges(mentions, text, 'post mentions')
  return mentions
}

function readTags(values: readonly CborValue[], text: string): TextRange[] {
  const tags = values.map((value, i) => {
    const name = `post tag ${i + 1}`
    const [start, end] = readList(value, name, 2, 2)
    return readRange(start, end, name)
  })
  assertRanges(tags, text, 'post tags')
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
